"""What is true of every page, whatever it shows."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async (tags) => {
  const result = await axe.run(document, {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  return result.violations.map(v => [v.id, v.help, v.nodes.slice(0, 5).map(n => n.html.slice(0, 200))]);
}"""
WIDE = """() => {
  const limit = document.documentElement.clientWidth;
  const scrolls = e => e && e !== document.body &&
    (["auto", "scroll"].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  const wide = [...document.querySelectorAll("body *")].filter(
    e => e.getBoundingClientRect().right > limit + 1 && !scrolls(e));
  return [document.documentElement.scrollWidth - limit, wide.slice(0, 5).map(e => e.outerHTML.slice(0, 160))];
}"""
SMALL = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter(e => {
    const box = e.getBoundingClientRect();
    const inText = e.tagName === "A" && getComputedStyle(e).display === "inline";
    const unseen = box.width <= 1 || box.height <= 1 || e.type === "hidden" || !e.checkVisibility();
    return !inText && !unseen && (box.width < 24 || box.height < 24);
  }).slice(0, 5).map(e => e.outerHTML.slice(0, 160))"""


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def assert_accessible(page: Page) -> None:
    """Fail when axe finds a barrier on the page."""
    page.evaluate(_axe() + "\n;undefined")
    found = page.evaluate(RUN_AXE, TAGS)
    assert found == [], f"{page.url}\n" + "\n".join(
        f"{rule}: {text}\n  {nodes}" for rule, text, nodes in found
    )


def assert_no_horizontal_scroll(page: Page) -> None:
    """Fail when the page is wider than the window."""
    excess, wide = page.evaluate(WIDE)
    assert excess <= 0, f"{page.url} is {excess} px too wide: {wide}"


def assert_targets_large_enough(page: Page) -> None:
    """Fail when something to press is smaller than 24 by 24 px."""
    small = page.evaluate(SMALL)
    assert small == [], f"{page.url} has targets too small to press: {small}"


def assert_in_order(page: Page) -> None:
    """Check everything a machine can check on a page."""
    assert_accessible(page)
    assert_no_horizontal_scroll(page)
    assert_targets_large_enough(page)
