"""The colours that meet on pages are readable: WCAG contrast computed from theme.css, light and dark."""

import re

import pytest

from volunteer_match.config import ROOT

THEME = (ROOT / "volunteer_match/static/theme.css").read_text(encoding="utf-8")
SCHEMES = ("light", "dark")
GROUNDS = ("ground", "card")
SOFT = ("brand-soft", "accent-soft", "success-soft", "warning-soft", "error-soft")
TEXT = [
    *((ink, ground) for ink in ("ink", "quiet", "brand", "brand-strong", "error") for ground in GROUNDS),
    *((ink, ground) for ink in ("success", "warning") for ground in GROUNDS),
    *(("ink", soft) for soft in SOFT),
    *(("quiet", soft) for soft in ("brand-soft", "accent-soft")),
    *((tone, f"{tone}-soft") for tone in ("brand", "success", "warning", "error")),
    *(("ink", f"tint-{number}") for number in range(5)),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-error", "error"),
    ("on-error", "error-strong"),
    ("on-accent", "accent"),
]
SHAPES = [("control", ground) for ground in GROUNDS] + [("ink", "accent-soft"), ("brand", "card")]
PROMISED = {
    "light": {"ground": "#fffdf8", "card": "#ffffff", "ink": "#1f2933", "quiet": "#5b6570",
              "brand": "#0b5c5e", "accent": "#f4b740", "success": "#1b6e3c", "warning": "#8a5a00",
              "error": "#b3261e", "control": "#8c8577"},
    "dark": {"ground": "#14181b", "card": "#1c2227", "ink": "#f2efe9", "quiet": "#b7bec6", "brand": "#8fd3c8",
             "error": "#ffb4a8"},
}  # fmt: skip


def colours(scheme: str) -> dict[str, str]:
    """Return the colour properties of one scheme; dark inherits what it does not change."""
    light, dark = re.split(r"@media \(prefers-color-scheme: dark\)", THEME)[:2]
    found = dict(re.findall(r"--vm-([\w-]+): (#[0-9a-f]{6});", light))
    if scheme == "dark":
        block = dark[: dark.index("\n}\n")]
        found |= dict(re.findall(r"--vm-([\w-]+): (#[0-9a-f]{6});", block))
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance WCAG defines."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_known_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_readable(scheme: str, ink: str, ground: str) -> None:
    found = colours(scheme)
    assert contrast(found[ink], found[ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_that_mean_something_are_seen(scheme: str, shape: str, ground: str) -> None:
    found = colours(scheme)
    assert contrast(found[shape], found[ground]) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_focus_ring_is_seen_on_every_ground(scheme: str) -> None:
    found = colours(scheme)
    rings = [found["accent"], found["ink"]]
    weakest = min(max(contrast(ring, found[ground]) for ring in rings) for ground in (*GROUNDS, *SOFT))
    assert weakest >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_identity_keeps_its_colours(scheme: str) -> None:
    found = colours(scheme)
    assert {name: found[name] for name in PROMISED[scheme]} == PROMISED[scheme]


def test_styles_name_colours_only_through_properties() -> None:
    rules = THEME.split("/* page */", 1)[1].split("@media print", 1)[0]
    assert re.findall(r"#[0-9a-f]{3,6}\b", rules) == []
