"""Every macro in a real browser: no barrier, no sideways scrolling, and the comforts of app.js."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.browser.conftest import Complaints
from tests.browser.pages import assert_accessible, assert_no_horizontal_scroll
from tools.frontend.gallery import create_gallery

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """Serve the gallery and return its address."""
    server = make_server("127.0.0.1", 0, create_gallery(), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(browser: Browser, gallery: str, complaints: Complaints) -> Iterator[Open]:
    """Open a page of the gallery: `visit("/?errors=1", width=320, dark=True)`."""
    contexts = []

    def go(path: str = "/", width: int = 1280, dark: bool = False, javascript: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.on("page", complaints.listen)
        page = context.new_page()
        page.goto(gallery + path)
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_macro_has_a_barrier(visit: Open, width: int, dark: bool) -> None:
    page = visit("/?errors=1", width, dark)
    assert_accessible(page)
    assert_no_horizontal_scroll(page)


@pytest.mark.parametrize("status", [404, 410, 500])
def test_no_error_page_has_a_barrier(visit: Open, complaints: Complaints, status: int) -> None:
    complaints.expect_status(status)
    assert_accessible(visit(f"/error/{status}", 320))


def test_the_summary_of_mistakes_takes_the_focus_and_leads_to_the_field(visit: Open) -> None:
    page = visit("/?errors=1")
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").nth(1).click()
    expect(page.locator("#roles-0-minimum")).to_be_focused()


def test_j_and_k_walk_the_rows(visit: Open) -> None:
    page = visit()
    rows = page.locator("[data-row]")
    for key, row in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        expect(rows.nth(row)).to_be_focused()


def test_a_letter_presses_the_button_of_the_current_row(visit: Open) -> None:
    page = visit()
    page.evaluate(
        """document.addEventListener("submit", e => {
            e.preventDefault();
            document.title = e.submitter.textContent;
        })"""
    )
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page).to_have_title("Odrzuć: szachy 1")


def test_letters_typed_into_a_field_press_nothing(visit: Open) -> None:
    page = visit()
    page.locator("#title").press_sequentially("jad?")
    expect(page.locator("#title")).to_have_value("jad?")
    expect(page.locator("[data-row][aria-current]")).to_have_count(0)


def test_shortcuts_can_be_turned_off(visit: Open) -> None:
    page = visit()
    page.keyboard.press("?")
    page.locator("[data-keys-switch]").click()
    page.keyboard.press("j")
    expect(page.locator("[data-row][aria-current]")).to_have_count(0)


def test_the_menu_opens_on_a_phone_without_a_script(visit: Open) -> None:
    page = visit("/", 320, javascript=False)
    link = page.get_by_role("link", name="Potrzeby").first
    navigation = page.locator(".vm-nav")
    expect(navigation).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(navigation).to_be_visible()
    expect(link).to_be_visible()


def test_without_a_script_the_address_to_share_stands_there(visit: Open) -> None:
    page = visit(javascript=False)
    expect(page.locator(".vm-share__plain")).to_be_visible()
    expect(page.locator(".vm-share button")).to_be_hidden()


def test_a_box_of_the_week_is_ticked_by_touching_its_cell(visit: Open) -> None:
    page = visit("/", 320)
    box = page.get_by_label("wtorek, rano")
    box.click()
    expect(box).to_be_checked()


@pytest.mark.parametrize("width", [320, 1280])
def test_everything_to_touch_on_a_form_is_large(visit: Open, width: int) -> None:
    page = visit("/", width)
    small = page.locator("form[novalidate]").evaluate(
        """form => [...form.querySelectorAll("input:not([type=hidden]), select, textarea, button, .vm-chip")]
            .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == []
