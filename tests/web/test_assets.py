"""What browsers fetch stays small, ours and free of what we may not use."""

import gzip
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from volunteer_match.config import ROOT

STATIC = ROOT / "volunteer_match/static"
PICTURES = sorted((STATIC / "pictures").glob("*.svg"))


def loaded_by_pages() -> list[Path]:
    """Return the style sheets and scripts that base.html names."""
    base = (ROOT / "templates/base.html").read_text("utf-8")
    return [STATIC / name for name in re.findall(r"asset\('([^']+\.(?:css|js))'\)", base)]


def test_styles_and_scripts_stay_within_45_kilobytes() -> None:
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in loaded_by_pages()}
    assert len(sizes) == 5
    assert sum(sizes.values()) <= 45 * 1024, sizes


def test_no_style_fetches_a_font_or_anything_else() -> None:
    styles = [path.read_text("utf-8") for path in loaded_by_pages() if path.suffix == ".css"]
    assert [hit for style in styles for hit in re.findall(r"@font-face|@import|url\(", style)] == []


@pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.stem)
def test_a_drawing_is_small_and_holds_no_style_or_script(picture: Path) -> None:
    tree = ElementTree.fromstring(picture.read_text("utf-8"))  # noqa: S314 - our own file
    assert picture.stat().st_size < 4096
    assert not [e for e in tree.iter() if e.tag.endswith(("style", "script")) or "style" in e.attrib]


def test_every_drawing_and_sign_a_template_names_exists() -> None:
    pages = "".join(path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html"))
    signs = set(re.findall(r'id="([\w-]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    drawings = {path.stem for path in PICTURES}
    named = set(re.findall(r'\bpicture\("([\w-]+)"|picture_name ?= ?"([\w-]+)"', pages))
    assert {name for pair in named for name in pair if name} <= drawings
    assert set(re.findall(r'\bicon\("([\w-]+)"', pages)) <= signs


def test_what_is_not_ours_comes_with_its_licence() -> None:
    vendor = STATIC / "vendor"
    for name in ("govuk-frontend", "htmx"):
        assert (vendor / f"{name}.LICENSE.txt").stat().st_size > 300
