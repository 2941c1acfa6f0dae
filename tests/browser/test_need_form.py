"""The form of a need in a browser: the card beside it follows the typing."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import assert_in_order
from tests.factories import make_partner
from tests.needs.typed import next_weekday
from volunteer_match.db import db


@pytest.fixture
def form(server, new_context):
    """The empty form, opened by the contact person of an institution."""
    with server.app.app_context():
        user = make_partner().members[0].user_id
        db.session.remove()
    page = new_context(user=user).new_page()
    page.goto("/needs/new")
    return page


def test_the_card_follows_the_typing_without_losing_the_place(form):
    form.get_by_label("O co chodzi?").fill("Malowanie")
    form.get_by_label("Pierwszy dzień").fill(next_weekday(5).isoformat())
    form.get_by_label("Od", exact=True).fill("10:00")
    form.get_by_label("Do", exact=True).fill("12:00")

    card = form.locator("#summary")
    expect(card).to_contain_text("Malowanie")
    expect(card).to_contain_text("10:00–12:00")
    expect(form.get_by_label("Do", exact=True)).to_be_focused()


def test_a_refused_form_shows_where_and_keeps_everything(form, complaints):
    complaints.expect_status(422)
    form.get_by_label("O co chodzi?").fill("Malowanie")

    form.get_by_role("button", name="Wyślij do sprawdzenia").click()

    expect(form.locator(".govuk-error-summary")).to_be_focused()
    expect(form.get_by_label("O co chodzi?")).to_have_value("Malowanie")
    assert_in_order(form)


def test_the_enter_key_shows_the_preview_and_saves_nothing(form):
    form.get_by_label("O co chodzi?").fill("Malowanie")
    form.get_by_label("O co chodzi?").press("Enter")

    expect(form.locator("#summary")).to_contain_text("Malowanie")
    assert form.url.endswith("/needs/new")


def test_who_could_come_follows_the_answers(form):
    told = form.locator("#advice-text")
    expect(told).to_contain_text("Wystarczy podać dzień")

    form.get_by_label("Bez dzieci").check()
    form.get_by_label("Pierwszy dzień").fill(next_weekday(5).isoformat())
    form.get_by_label("Od", exact=True).fill("10:00")
    form.get_by_label("Do", exact=True).fill("12:00")
    form.get_by_label("O co chodzi?").focus()

    expect(told).to_contain_text("Na razie nikt nie pasuje.")


def test_the_button_leads_to_the_advice_and_keeps_the_answers(form):
    form.get_by_label("O co chodzi?").fill("Malowanie")

    form.get_by_role("button", name="Sprawdź, kto mógłby przyjść").click()

    expect(form.locator("#advice")).to_be_in_viewport()
    expect(form.get_by_label("O co chodzi?")).to_have_value("Malowanie")
