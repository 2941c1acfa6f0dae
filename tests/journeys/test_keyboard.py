"""The same club with the keyboard alone: Tab, Enter, Space and letters, and the focus always seen."""

import csv
from collections.abc import Sequence

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import steps
from tests.journeys.club import Visitor
from tests.journeys.conftest import NewVisitor
from tests.journeys.steps import SKILLS, Cast
from volunteer_match.config import ROOT

DATA = ROOT / "volunteer_match" / "demo" / "data"

MOST_TABS = 400
FOCUS_IS_SEEN = """() => {
  const element = document.activeElement;
  const shown = element.matches("input[type=checkbox], input[type=radio]")
    ? [element, element.nextElementSibling, element.parentElement] : [element];
  const drawn = e => {
    const now = getComputedStyle(e), before = getComputedStyle(e, "::before");
    return [now, before].some(s =>
      (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none");
  };
  const box = element.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight;
  return inside && shown.filter(Boolean).some(drawn);
}"""
FOCUSED = """wanted => {
  const element = document.activeElement;
  return element === wanted;
}"""


class Keys:
    """Somebody who uses only the keyboard."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page, self.words = visitor, visitor.page, visitor.words

    def to(self, selector: str) -> None:
        """Press Tab until the first element of the selector has the focus, and check that it is seen."""
        wanted = self.page.locator(selector).first.element_handle()
        for _attempt in range(MOST_TABS):
            if self.page.evaluate(FOCUSED, wanted):
                assert self.page.evaluate(FOCUS_IS_SEEN), f"the focus on {selector} cannot be seen"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached with Tab on {self.page.url}")

    def type(self, selector: str, text: str) -> None:
        """Go to a field and type."""
        self.to(selector)
        self.page.keyboard.type(text)

    def enter(self, selector: str) -> None:
        """Go to a link or a button and press Enter; wait for the next page."""
        self.to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def space(self, selector: str) -> None:
        """Go to a box and press Space."""
        self.to(selector)
        self.page.keyboard.press("Space")

    def button(self, msgid: str) -> None:
        """Go to the button of the main part with these words and press Enter."""
        self.enter(f'main button:has-text("{self.words(msgid)}"):not([aria-hidden])')


def tab_to_the_end(page: Page) -> None:
    """Nothing keeps the focus: Tab leaves every part of the page."""
    seen = set()
    for _attempt in range(MOST_TABS):
        page.keyboard.press("Tab")
        place = page.evaluate("() => document.activeElement.outerHTML.slice(0, 300)")
        if page.evaluate("() => document.activeElement === document.body"):
            return
        seen.add(place)
    raise AssertionError(f"Tab never leaves {page.url}: {sorted(seen)[:5]}")


def test_somebody_signs_up_with_the_keyboard(new_visitor: NewVisitor) -> None:
    visitor = new_visitor("pl")
    keys, cast = Keys(visitor), Cast("Klawiatura")
    visitor.open("/")
    keys.enter('main a[href="/join"]')
    keys.type("#name", cast.zofia)
    keys.type("#email", cast.zofia_mail)
    keys.button("Go on")
    visitor.open_mail(visitor.mail(cast.zofia_mail, "Go on with your sign-up"))
    keys.button("Confirm and go on")
    keys.space(f'input[name="skills"]:has(+ label:has-text("{SKILLS["pl"]["clay"]}"))')
    keys.button("Save and go on")
    keys.space('input[name="cells"]')
    keys.button("Save and go on")
    keys.button("Save and go on")
    keys.type("#birth_date", "14031988")
    for name in ("foreign_citizen", "lived_abroad"):
        keys.to(f'input[name="{name}"]')
        visitor.page.keyboard.press("ArrowDown")
    keys.button("Save and go on")
    keys.button("Send the application")
    visitor.sees_title("Application received")


def test_a_partner_posts_a_need_with_the_keyboard(new_visitor: NewVisitor) -> None:
    visitor = new_visitor("pl")
    keys, cast = Keys(visitor), Cast("Klawiszowa")
    visitor.enter_demo("Iskra Wymyślona")
    visitor.open("/partner")
    keys.enter('main a[href^="/needs/new"]')
    keys.type("#title", cast.need)
    keys.type("#what", "Lepimy ptaki z gliny.")
    keys.type("#children_count", "12")
    keys.type("#age_from", "7")
    keys.type("#age_to", "10")
    keys.type("#roles-0-name", "Pomoc przy stole")
    keys.type("#first_day", cast.day.strftime("%m%d%Y"))
    keys.type("#starts_local", "0300PM")
    keys.type("#ends_local", "0500PM")
    keys.button("Send to be checked")
    visitor.sees(cast.need)
    visitor.sees(visitor.words("Waiting to be checked"))
    tab_to_the_end(visitor.page)


@pytest.mark.slow
def test_the_desk_is_run_and_an_offer_answered_with_the_keyboard(new_visitor: NewVisitor) -> None:
    desk = new_visitor("pl")
    desk.enter_demo("Koordynatorka Pogodna")
    steps.run_matching(desk)
    walk_to(desk, "r")
    desk.page.keyboard.press("r")
    desk.hears("%(name)s is proposed instead.")
    name = walk_to(desk, "a", but_not=people_without_mail())
    desk.page.keyboard.press("a")
    desk.hears("The offer to %(name)s is on its way.", name=name)
    walk_to(desk, "d")
    desk.page.keyboard.press("d")
    turn_down(desk)
    accept(new_visitor("pl"), name)


def people_without_mail() -> list[str]:
    """Return who in the demo has no address, so that no offer can be opened from a mail."""
    with (DATA / "volunteers.csv").open(encoding="utf-8") as file:
        return [row["imię i nazwisko"] for row in csv.DictReader(file, delimiter=";") if not row["e-mail"]]


def walk_to(desk: Visitor, key: str, but_not: Sequence[str] = ()) -> str:
    """Walk down the desk with j to the first proposal that knows the letter; return the person's name."""
    desk.open("/desk")
    while True:
        for _row in range(desk.page.locator("[data-row]").count()):
            desk.page.keyboard.press("j")
            names = current_row(desk).locator("strong").all_inner_texts()
            if current_row(desk).locator(f'[data-key="{key}"]').count() and names and names[0] not in but_not:
                assert desk.page.evaluate(FOCUS_IS_SEEN)
                return names[0]
        Keys(desk).enter('a[rel="next"]')


def current_row(desk: Visitor) -> Locator:
    """Return the line of the desk on which the letters work."""
    return desk.page.locator('[data-row][aria-current="true"]')


def turn_down(desk: Visitor) -> None:
    """Answer why, with the keyboard too."""
    expect(desk.page.locator('input[name="why"]').first).to_be_visible()
    keys = Keys(desk)
    keys.space('input[name="why"]')
    keys.button("Turn down")
    desk.hears(*steps.TURNED_DOWN)


def accept(guest: Visitor, name: str) -> None:
    """Open the offer from its mail and accept it."""
    guest.open_mail(guest.mail(name, "Can you help? %(title)s, %(when)s"))
    Keys(guest).button("I can come")
    guest.sees_title("See you there")
