"""The club's week from a posted need to a sheet on the wall, told in both languages and without a script."""

import pytest
from playwright.sync_api import expect

from tests.journeys import steps
from tests.journeys.club import Visitor
from tests.journeys.conftest import NewVisitor
from tests.journeys.steps import Cast, person_row

TELLINGS = [("Pierwsza", "pl", True), ("Second", "en", True), ("Trzecia", "pl", False)]


@pytest.mark.slow
@pytest.mark.parametrize(("mark", "locale", "javascript"), TELLINGS, ids=["polish", "english", "no-script"])
def test_a_need_becomes_a_confirmed_volunteer(
    mark: str, locale: str, javascript: bool, new_visitor: NewVisitor
) -> None:
    cast = Cast(mark)
    partner, coordinator, officer = (new_visitor(locale, javascript=javascript) for _person in range(3))
    phone = new_visitor(locale, width=320, javascript=javascript)
    coordinator.enter_demo("Koordynatorka Pogodna")
    officer.enter_demo("Strażniczka Standardów")

    steps.register_partner(partner, cast)
    steps.verify_partner(coordinator, cast)
    steps.post_need(partner, cast)
    steps.publish_need(coordinator, cast)
    steps.sign_up(phone, cast)
    steps.enter_caller(coordinator, cast.stefan, ["clay", "wood"])
    steps.enter_caller(coordinator, cast.wanda, ["clay"])
    for name in (cast.zofia, cast.stefan, cast.wanda):
        steps.record_papers(officer, cast, steps.admit(coordinator, cast, name))
    phone.mail(cast.zofia_mail, "You are ready to start")
    steps.run_matching(coordinator)
    session = steps.open_session(coordinator, cast)
    decide(coordinator, cast)
    accept_from_the_mail(phone, coordinator, partner, cast, session)
    answer_by_phone(coordinator, cast, session)
    change_the_answer(phone, coordinator, partner, cast)
    read_the_sheet(coordinator, cast)
    withdraw(partner, phone, coordinator, cast)


def decide(coordinator: Visitor, cast: Cast) -> None:
    """Read the reasons, take the runner-up, approve one, turn one down, approve many."""
    say = coordinator.words
    expect(person_row(coordinator, cast.zofia)).to_contain_text(say("Proposed"))
    row = person_row(coordinator, cast.stefan)
    row.locator("summary").first.click()
    expect(row).to_contain_text(say("Next in line: %(name)s", name=cast.wanda))
    expect(row).to_contain_text(say("Skills that are wanted, too"))
    coordinator.choose("Person", cast.wanda)
    coordinator.press("Explain")
    coordinator.sees(
        say("Could come; for this place others fit a little better, or asking others is fairer.")
    )
    coordinator.choose("Person", "Ada Demowska")
    coordinator.press("Explain")
    coordinator.sees(say("Cannot be asked, because:"))
    coordinator.press("Take %(name)s instead", person_row(coordinator, cast.stefan), name=cast.wanda)
    coordinator.hears("%(name)s is proposed instead.", name=cast.wanda)
    coordinator.press("Approve", within=person_row(coordinator, cast.zofia))
    coordinator.hears("The offer to %(name)s is on its way.", name=cast.zofia)
    coordinator.open("/desk")
    others = coordinator.page.locator("[data-row]").filter(has_not_text=cast.need)
    coordinator.follow("Turn down", within=others.filter(has=coordinator.link("Turn down")).first)
    coordinator.tick("Why?", say("This person should have a rest"))
    coordinator.press("Turn down")
    coordinator.hears(*steps.TURNED_DOWN)
    steps.desk_row(coordinator, cast.wanda, cast.need).get_by_role("checkbox").check()
    coordinator.press("Approve all ticked")
    sent = say.count("%(num)s offer is on its way.", "%(num)s offers are on their way.", 1)
    expect(coordinator.page.locator(".vm-banner")).to_contain_text(sent)


def accept_from_the_mail(
    guest: Visitor, coordinator: Visitor, partner: Visitor, cast: Cast, session: str
) -> None:
    """Open the offer without signing in; looking changes nothing, the button does."""
    guest.page.context.clear_cookies()
    guest.open_mail(guest.mail(cast.zofia_mail, "Can you help? %(title)s, %(when)s", title=cast.need))
    guest.page.reload()
    guest.sees(cast.wanda.split()[0])
    coordinator.open(session)
    expect(person_row(coordinator, cast.zofia)).to_contain_text(coordinator.words("Asked, no answer yet"))
    partner_sees(partner, cast, first_name_only=True)
    guest.press("I can come")
    guest.sees_title("See you there")
    coordinator.open(session)
    expect(person_row(coordinator, cast.zofia)).to_contain_text(coordinator.words("Confirmed"))
    mine = guest.mail(cast.zofia_mail, "Confirmed: %(title)s, %(when)s", title=cast.need)
    theirs = partner.mail(cast.contact_mail, "Coming to help: %(name)s, %(when)s", name=cast.zofia)
    assert "BEGIN:VEVENT" in steps.calendar_of(mine)
    assert "BEGIN:VEVENT" in steps.calendar_of(theirs)
    partner_sees(partner, cast, first_name_only=False)


def partner_sees(partner: Visitor, cast: Cast, first_name_only: bool) -> None:
    """Look who comes: first names before the confirmation, name and contact after it."""
    partner.open("/partner")
    partner.page.get_by_role("link", name=cast.need).click()
    people = partner.page.locator("#people")
    expect(people).to_contain_text(cast.zofia.split()[0])
    for secret in (cast.zofia, cast.zofia_mail):
        (expect(people).not_to_contain_text if first_name_only else expect(people).to_contain_text)(secret)


def answer_by_phone(coordinator: Visitor, cast: Cast, session: str) -> None:
    """Call the person without an address and note the answer."""
    coordinator.open("/week/phone")
    row = coordinator.page.locator("[data-row]").filter(has_text=cast.wanda).first
    expect(row).to_contain_text("602 333 444")
    coordinator.press("Comes", within=row)
    expect(coordinator.page.locator("main")).to_contain_text(cast.wanda)
    coordinator.open(session)
    expect(person_row(coordinator, cast.wanda)).to_contain_text(coordinator.words("Confirmed"))


def change_the_answer(volunteer: Visitor, coordinator: Visitor, partner: Visitor, cast: Cast) -> None:
    """Say no on the own page: the place is back with the next suggestion; then come after all."""
    steps.sign_in(volunteer, cast.zofia_mail)
    volunteer.open("/me")
    volunteer.follow("I cannot come")
    volunteer.press("I cannot come after all")
    volunteer.sees_title("Thank you for telling us")
    partner.mail(cast.contact_mail, "Cannot come: %(name)s, %(title)s", name="Zofia", title=cast.need)
    steps.desk_row(coordinator, cast.need, cast.stefan)
    noted = volunteer.mail(cast.zofia_mail, "Noted: you cannot come to %(title)s", title=cast.need)
    volunteer.page.context.clear_cookies()
    volunteer.open_mail(noted)
    volunteer.press("I can come after all")
    volunteer.sees_title("See you there")


def read_the_sheet(coordinator: Visitor, cast: Cast) -> None:
    """Look at the sheet for the wall: first names and initials only."""
    coordinator.open(f"/week?from={cast.day}")
    coordinator.follow("Sheet for the wall")
    coordinator.sees(cast.need)
    coordinator.sees(f"{cast.zofia.split()[0]} {cast.zofia.split()[1][0]}.")
    expect(coordinator.page.locator("main")).not_to_contain_text(cast.zofia.split()[1])


def withdraw(partner: Visitor, volunteer: Visitor, coordinator: Visitor, cast: Cast) -> None:
    """Take the need back: everyone hears of it."""
    partner.open("/partner")
    partner.page.get_by_role("link", name=cast.need).click()
    details = partner.page.locator("details").filter(has_text=partner.words("Withdraw the need"))
    details.locator("summary").click()
    partner.fill({"Reason": "Piec się zepsuł."}, within=details)
    partner.press("Withdraw", within=details)
    partner.sees(partner.words("Cancelled"))
    volunteer.mail(cast.zofia_mail, "Cancelled: %(title)s, %(when)s", title=cast.need)
    coordinator.open(f"/week?from={cast.day}")
    expect(coordinator.page.locator("main")).not_to_contain_text(cast.zofia)
