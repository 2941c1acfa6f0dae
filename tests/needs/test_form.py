"""The form of a need: drafts, rows, preview, what is missing, and nothing lost."""

from datetime import timedelta

import pytest

from tests.factories import make_need, make_partner, make_skill
from tests.needs.typed import need_form, next_weekday
from volunteer_match.needs.models import Need, SchoolBreak
from volunteer_match.needs.rules import NeedState
from volunteer_match.partners.rules import PartnerState


@pytest.fixture
def partner(stored):
    """A verified institution."""
    return stored.make(make_partner, name="Klub Zmyślony")


@pytest.fixture
def member(login, partner):
    """The browser of its contact person."""
    return login(partner.members[0].user_id)


def roles(stored):
    return stored.one(
        Need, lambda need: [(r.name, r.minimum, r.preferred, r.minimum_age) for r in need.roles]
    )


def test_a_draft_may_be_as_incomplete_as_it_likes(member, stored, partner):
    saved = member.post("/needs/new", data={"posted_by_id": partner.id, "action": "save"})

    assert saved.status_code == 302
    assert stored.one(Need).state == "draft"


def test_a_complete_need_is_sent_in_one_go(member, stored, partner):
    member.post("/needs/new", data=need_form(partner, action="submit"))

    need = stored.one(Need)
    assert (need.state, need.children_count, need.age_from, need.age_to) == ("submitted", 20, 6, 10)
    assert roles(stored) == [("Pomoc przy stolikach", 1, 2, 18)]


@pytest.mark.parametrize(
    "field",
    [
        "title", "what", "organiser_id", "venue_id", "children_count", "age_from", "age_to", "supervision",
        "first_day", "starts_local", "ends_local", "roles-0-name",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("locale", "words"),
    [("pl", "Prosimy wypełnić to pole przed wysłaniem"), ("en", "Fill in this field before sending")],
)
def test_what_is_missing_is_said_beside_the_field(member, stored, partner, field, locale, words):
    member.post("/language", data={"locale": locale})

    page = member.post("/needs/new", data=need_form(partner, action="submit", **{field: ""}))

    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert words in page.text
    assert stored.one(Need) is None


def test_a_recurring_need_has_a_last_day(member, partner):
    page = member.post("/needs/new", data=need_form(partner, action="submit", recurrence="weekly"))

    assert 'id="last_day-error"' in page.text


def test_help_from_home_needs_no_place_and_no_children(member, stored, partner):
    typed = need_form(partner, action="submit", contact="remote", venue_id="", children_count="", age_from="")

    assert member.post("/needs/new", data=typed).status_code == 302
    need = stored.one(Need)
    assert (need.venue_id, need.supervision, need.children_count) == (None, None, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"age_from": "12", "age_to": "6"}, "age_to"),
        ({"starts_local": "12:00", "ends_local": "12:00"}, "ends_local"),
        ({"starts_local": "10:10"}, "starts_local"),
        ({"roles-0-minimum": "3", "roles-0-preferred": "2"}, "roles-0-preferred"),
        ({"roles-0-minimum": "51"}, "roles-0-minimum"),
        ({"children_count": "2001"}, "children_count"),
        ({"children_count": "dużo"}, "children_count"),
        ({"first_day": "30.02.2027"}, "first_day"),
        ({"recurrence": "weekly", "first_day": "2027-03-06", "last_day": "2027-03-05"}, "last_day"),
        ({"roles-0-minimum_age": "12"}, "roles-0-minimum_age"),
        ({"what": "PESEL dziecka 44051401359"}, "what"),
        ({"title": "x" * 121}, "title"),
    ],
)
def test_wrong_answers_are_refused_even_in_a_draft_and_kept_in_the_form(
    member, stored, partner, changes, field
):
    page = member.post("/needs/new", data=need_form(partner, **changes))

    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert changes[field] in page.text
    assert stored.one(Need) is None


def test_an_organiser_that_is_not_on_the_list_is_refused(member, stored, partner):
    waiting = stored.make(make_partner, state=PartnerState.UNDER_REVIEW)

    page = member.post("/needs/new", data=need_form(partner, organiser_id=waiting.id))

    assert page.status_code == 422
    assert 'id="organiser_id-error"' in page.text


def test_a_place_of_an_unverified_institution_is_refused(member, stored, partner):
    waiting = stored.make(make_partner, state=PartnerState.UNDER_REVIEW)

    page = member.post("/needs/new", data=need_form(partner, venue_id=waiting.venues[0].id))

    assert 'id="venue_id-error"' in page.text


def test_nobody_posts_for_another_institution(member, stored, partner):
    other = stored.make(make_partner)

    assert member.post("/needs/new", data=need_form(other)).status_code == 404
    assert stored.one(Need) is None


def test_before_the_address_is_confirmed_needs_stay_drafts(login, stored):
    partner = stored.make(make_partner, state=PartnerState.REGISTERED)
    member = login(partner.members[0].user_id)

    page = member.post("/needs/new", data=need_form(partner, action="submit", organiser_id=""))
    kept = member.post("/needs/new", data=need_form(partner, organiser_id=""))

    assert page.status_code == 422
    assert kept.status_code == 302
    assert stored.count(Need, state="draft") == 1


def test_while_an_institution_is_checked_it_already_sends_its_first_need(login, stored):
    partner = stored.make(make_partner, name="Nowy Klub", state=PartnerState.UNDER_REVIEW)
    member = login(partner.members[0].user_id)

    assert f'<option value="{partner.id}" selected>Nowy Klub' in member.get("/needs/new").text
    member.post("/needs/new", data=need_form(partner, action="submit"))

    assert stored.one(Need).state == "submitted"


def test_an_organiser_without_children_is_named_so(member, stored):
    stored.make(make_partner, name="Czytelnia", organiser=False)

    assert "Czytelnia (nie z dziećmi)" in member.get("/needs/new").text


def test_a_role_is_added_without_losing_a_word(member, stored, partner):
    page = member.post("/needs/new", data=need_form(partner, action="add_role"))

    assert page.status_code == 200
    assert 'name="roles-1-name"' in page.text
    assert 'value="Pomoc przy stolikach"' in page.text
    assert stored.one(Need) is None


def test_a_removed_role_leaves_the_others_as_they_were(member, stored, partner):
    more = {
        "roles-1-name": "Fotografia",
        "roles-1-minimum": "4",
        "roles-2-name": "Muzyka",
        "roles-2-minimum": "2",
    }

    page = member.post("/needs/new", data=need_form(partner, action="remove_role-1", **more))

    assert "Fotografia" not in page.text
    assert 'name="roles-1-name" type="text" value="Muzyka"' in " ".join(page.text.split())
    assert 'name="roles-2-name"' not in page.text


def test_there_are_at_most_eight_roles(member, stored, partner):
    more = {f"roles-{n}-name": f"Rola {n}" for n in range(1, 8)}

    page = member.post("/needs/new", data=need_form(partner, action="add_role", **more))
    refused = member.post("/needs/new", data=need_form(partner, **more, **{"roles-8-name": "Dziewiąta"}))

    assert 'name="roles-8-name"' not in page.text
    assert refused.status_code == 422
    assert stored.one(Need) is None


def test_every_role_keeps_its_own_numbers_skills_and_languages(member, stored, partner):
    for code in ("sewing", "crafts"):
        stored.make(make_skill, code)
    more = {
        "roles-0-required_skills": "sewing",
        "roles-0-wanted_skills": ["crafts", "sewing"],
        "roles-1-name": "Tłumaczenie",
        "roles-1-minimum": "2",
        "roles-1-minimum_age": "16",
        "roles-1-languages": ["pl", "uk"],
    }

    member.post("/needs/new", data=need_form(partner, **more))

    assert roles(stored) == [("Pomoc przy stolikach", 1, 2, 18), ("Tłumaczenie", 2, 2, 16)]
    wishes = stored.one(Need, lambda n: {s.skill_code: s.required for s in n.roles[0].skills})
    assert wishes == {"sewing": True, "crafts": False}
    assert stored.one(Need, lambda n: {x.language for x in n.roles[1].languages}) == {"pl", "uk"}


def test_the_preview_lists_dates_and_says_why_some_are_left_out(member, stored, partner):
    first = next_weekday(5)
    stored.make(make_break, "Ferie próbne", first + timedelta(days=7))
    typed = need_form(
        partner,
        action="preview",
        recurrence="weekly",
        last_day=(first + timedelta(days=14)).isoformat(),
        skip_breaks="1",
    )

    page = member.post("/needs/new", data=typed)

    assert page.status_code == 200
    assert "Co tydzień: sobota, 10:00–12:00" in page.text
    assert "Ferie próbne" in page.text
    assert stored.one(Need) is None


def make_break(name, day):
    from tests.factories import save

    save(SchoolBreak(name=name, first_day=day, last_day=day))


def test_the_card_beside_the_form_lives_with_half_an_answer(member, partner):
    typed = need_form(partner, age_from="12", age_to="6", first_day="wkrótce", **{"roles-0-minimum": "x"})

    card = member.post("/needs/preview", data=typed)

    assert card.status_code == 200
    assert "Malowanie w sobotę" in card.text
    assert "<html" not in card.text


def test_the_card_says_how_many_checked_adults_are_needed(member, partner):
    card = member.post("/needs/preview", data=need_form(partner))

    assert "20 dzieci w wieku 6–10 lat. Potrzebne 4 sprawdzone osoby dorosłe." in card.text


def test_a_draft_is_taken_up_again_and_sent(member, stored, partner):
    member.post("/needs/new", data=need_form(partner, what=""))
    need = stored.one(Need)
    url = f"/needs/{need.id}/edit"
    assert "Malowanie w sobotę" in member.get(url).text
    role = stored.one(Need, lambda n: n.roles[0].id)

    typed = need_form(partner, action="submit", version=need.version, **{"roles-0-id": role})
    member.post(url, data=typed)

    assert stored.one(Need).state == "submitted"
    assert stored.one(Need, lambda n: [r.id for r in n.roles]) == [role]


def test_whoever_saves_second_keeps_the_typing_and_is_told(member, stored, partner):
    need = stored.make(make_need, partner, state=NeedState.DRAFT)
    typed = need_form(partner, version=need.version)
    member.post(f"/needs/{need.id}/edit", data=typed)

    late = member.post(f"/needs/{need.id}/edit", data=typed | {"title": "Mój tytuł"})

    assert late.status_code == 409
    assert "Mój tytuł" in late.text
    assert stored.one(Need).title == "Malowanie w sobotę"


def test_a_sent_need_stays_complete(member, stored, partner):
    need = stored.make(make_need, partner, state=NeedState.SUBMITTED)

    page = member.post(
        f"/needs/{need.id}/edit", data=need_form(partner, version=need.version, venue_id="", what="")
    )

    assert page.status_code == 422
    assert 'id="venue_id-error"' in page.text


def test_of_a_published_need_only_the_words_change(member, stored, partner):
    need = stored.make(make_need, partner)
    typed = {"title": "Nowy tytuł", "what": "Nowy opis.", "version": need.version}

    assert member.post(f"/needs/{need.id}/edit", data=need_form(partner)).status_code == 422
    assert "Nowy tytuł" not in member.get(f"/needs/{need.id}/edit").text
    member.post(f"/needs/{need.id}/texts", data=typed)

    assert stored.one(Need, lambda n: (n.title, n.state)) == ("Nowy tytuł", "published")
    assert "Nowy tytuł" in member.get("/needs?q=tytuly").text


def test_as_last_time_copies_everything_but_the_days(member, stored, partner):
    need = stored.make(make_need, partner, required_skills=["sewing"], minimum=2, preferred=3)

    answer = member.post(f"/needs/{need.id}/clone")

    copy = stored.one(Need, state="draft")
    assert answer.headers["Location"] == f"/needs/{copy.id}/edit"
    assert (copy.title, copy.first_day, copy.starts_local) == (need.title, None, need.starts_local)
    assert stored.one(Need, lambda n: n.roles[0].skills[0].skill_code, state="draft") == "sewing"
    assert member.get(f"/needs/{copy.id}/edit").status_code == 200


def test_a_coordinator_posts_for_an_institution_that_called(staff, stored, partner):
    staff.post("/needs/new", data=need_form(partner, action="submit"))

    need = stored.one(Need)
    assert (need.posted_by_id, need.state) == (partner.id, "submitted")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/needs/{}/edit"),
        ("get", "/needs/{}/manage"),
        ("post", "/needs/{}/edit"),
        ("post", "/needs/{}/texts"),
        ("post", "/needs/{}/submit"),
        ("post", "/needs/{}/withdraw"),
        ("post", "/needs/{}/clone"),
        ("post", "/needs/{}/sessions/x/cancel"),
    ],
)
def test_needs_of_other_institutions_do_not_exist(member, stored, method, path):
    other = stored.make(make_need)

    answer = getattr(member, method)(
        path.format(other.id), **({"data": {"reason": "x"}} if method == "post" else {})
    )

    assert answer.status_code == 404
