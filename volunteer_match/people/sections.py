"""Where capabilities above this one add their part to a volunteer's home and to the staff's person page.

People must not import placements or safeguarding, so those register, at import, a template and a function
that gives its facts: `add_home_section("placements/_mine.html", provide, position=10)`. The page includes the
template with `facts` set to what `provide(volunteer_id)` returned; None leaves the part out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]
Provide = Callable[[str], Facts | None]


@dataclass(frozen=True)
class Section:
    """A part of a page: its template and where its facts come from."""

    template: str
    provide: Provide
    position: int


_HOME: dict[str, Section] = {}
_PERSON: dict[str, Section] = {}
_ACTIONS: dict[str, Section] = {}


def add_home_section(template: str, provide: Provide, position: int = 50) -> None:
    """Show a part on every volunteer's own page; low positions come first."""
    _HOME[template] = Section(template, provide, position)


def add_person_section(template: str, provide: Provide, position: int = 50) -> None:
    """Show a part on the page that staff see of a volunteer."""
    _PERSON[template] = Section(template, provide, position)


def add_person_action(template: str, provide: Provide, position: int = 50) -> None:
    """Show something to do beside the page that staff see of a volunteer."""
    _ACTIONS[template] = Section(template, provide, position)


def home_sections(volunteer_id: str) -> list[tuple[str, Facts]]:
    """Return the templates and facts of a volunteer's own page, in order."""
    return _filled(_HOME, volunteer_id)


def person_sections(volunteer_id: str) -> list[tuple[str, Facts]]:
    """Return the templates and facts that staff see of a volunteer, in order."""
    return _filled(_PERSON, volunteer_id)


def person_actions(volunteer_id: str) -> list[tuple[str, Facts]]:
    """Return the templates and facts of what staff can do for a volunteer, in order."""
    return _filled(_ACTIONS, volunteer_id)


def _filled(sections: Mapping[str, Section], volunteer_id: str) -> list[tuple[str, Facts]]:
    found = []
    for section in sorted(sections.values(), key=lambda s: s.position):
        facts = section.provide(volunteer_id)
        if facts is not None:
            found.append((section.template, facts))
    return found
