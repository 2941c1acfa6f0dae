"""What somebody typed is still there when it cannot be saved, and the page says why and where."""

import re

import pytest

from tests.factories import make_need, make_partner, make_user, make_volunteer
from tests.safeguarding.papers import agreement
from volunteer_match.actor import Role
from volunteer_match.audit import queries as audit
from volunteer_match.safeguarding import queries as papers


@pytest.fixture
def keeper(app, login):
    """An officer's browser, somebody's id and an organiser's."""
    with app.app_context():
        volunteer_id, organiser_id = make_volunteer().id, make_partner().id
        return login(make_user(Role.OFFICER)), volunteer_id, organiser_id


def test_papers_that_closed_meanwhile_keep_the_form(keeper):
    officer, volunteer_id, organiser_id = keeper
    typed = agreement(organiser_id, dossier_ref="W/77")

    page = officer.post(f"/people/{volunteer_id}/papers/agreement", data=typed)

    assert page.status_code == 409
    assert "W/77" in page.text
    assert 'value="reopen"' in page.text


def test_opening_them_again_records_the_form_and_the_opening(app, keeper):
    officer, volunteer_id, organiser_id = keeper
    typed = agreement(organiser_id, dossier_ref="W/77") | {"action": "reopen"}

    answer = officer.post(f"/people/{volunteer_id}/papers/agreement", data=typed)

    assert answer.status_code == 302
    with app.app_context():
        assert [a.dossier_ref for a in papers.agreements_of(volunteer_id)] == ["W/77"]
        verbs = {event.verb for event in audit.history("volunteer", volunteer_id)}
        assert {"papers_read", "agreement_recorded"} <= verbs


def test_a_text_changed_by_two_keeps_the_second_ones_words(app, login):
    with app.app_context():
        need = make_need()
        need_id, version, browser = need.id, need.version, login(need.posted_by.members[0].user)
    typed = {"title": "Nowy tytuł", "what": "Długi opis.", "why": "", "bring": ""}

    page = browser.post(f"/needs/{need_id}/texts", data=typed | {"version": str(version + 1)})

    assert page.status_code == 409
    assert "Długi opis." in page.text
    assert f'name="version" value="{version}"' in page.text


def test_the_language_is_changed_on_a_refused_form_too(app, login):
    with app.app_context():
        need = make_need()
        need_id, browser = need.id, login(need.posted_by.members[0].user)
    page = browser.post(f"/needs/{need_id}/texts", data={})
    target = re.search(r'name="next" value="([^"]*)"', page.text)[1]

    answer = browser.post("/language", data={"locale": "en", "next": target}, follow_redirects=True)

    assert page.status_code == 422
    assert answer.status_code == 200


def test_the_language_keeps_the_page_that_was_read(client):
    assert 'name="next" value="/needs?q=a"' in client.get("/needs?q=a").text


def test_an_error_stands_beside_its_own_row(app, login):
    with app.app_context():
        browser = login(make_volunteer(free=[]).user)
    rows = {"hours-0-weekday": "0", "hours-0-starts": "", "hours-0-ends": "",
            "hours-1-weekday": "1", "hours-1-starts": "18:00", "hours-1-ends": "16:00"}  # fmt: skip

    page = browser.post("/me/edit/hours", data=rows)

    assert page.status_code == 422
    assert 'id="hours-1-ends-error"' in page.text
    assert 'id="hours-0-ends-error"' not in page.text


def test_half_a_row_is_asked_to_be_completed(app, login):
    with app.app_context():
        browser = login(make_volunteer(free=[]).user)

    page = browser.post("/me/edit/hours", data={"hours-0-weekday": "0", "hours-0-starts": "16:00"})

    assert page.status_code == 422
    assert 'id="hours-0-ends-error"' in page.text


def test_blank_rows_are_left_out(app, login):
    with app.app_context():
        browser = login(make_volunteer(free=[]).user)
    rows = {"hours-0-weekday": "0", "hours-0-starts": "", "hours-0-ends": "",
            "hours-1-weekday": "1", "hours-1-starts": "16:00", "hours-1-ends": "18:00"}  # fmt: skip

    assert browser.post("/me/edit/hours", data=rows).status_code == 302


def test_a_decision_of_somebody_faster_is_a_conflict(app, login):
    with app.app_context():
        partner_id = make_partner().id
        browser = login(make_user(Role.COORDINATOR))

    assert browser.post(f"/partners/{partner_id}/standing", data={"version": "77"}).status_code == 409
