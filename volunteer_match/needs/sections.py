"""Where capabilities above this one add their part to the page of a need and to the page that manages it.

Needs must not import placements, so placements registers a template and a function that gives its facts:
`add_manage_section("placements/_partner.html", provide)`. The page includes the template with `facts` set to
what `provide(actor, need_id)` returned; None leaves the part out. In the same way `set_form_advice` says what
the form of a need shows while it is written, from its answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from volunteer_match.actor import Actor

Facts = Mapping[str, Any]
Provide = Callable[[Actor, str], Facts | None]


@dataclass(frozen=True)
class Section:
    """A part of a page: its template and where its facts come from."""

    template: str
    provide: Provide
    position: int


Advise = Callable[[Actor, Mapping[str, Any]], Facts | None]
_FORM: dict[str, Advise] = {}
_MANAGE: dict[str, Section] = {}
_PUBLIC: dict[str, Section] = {}


def add_manage_section(template: str, provide: Provide, position: int = 50) -> None:
    """Show a part where the institution and coordinators look after a need; low positions come first."""
    _MANAGE[template] = Section(template, provide, position)


def add_public_section(template: str, provide: Provide, position: int = 50) -> None:
    """Show a part on the public page of a need, beside the button for volunteers."""
    _PUBLIC[template] = Section(template, provide, position)


def set_form_advice(template: str, advise: Advise) -> None:
    """Show beside the form of a need what its answers would meet."""
    _FORM.clear()
    _FORM[template] = advise


def form_advice(actor: Actor, answers: Mapping[str, Any]) -> tuple[str, Facts | None] | None:
    """Return the template of the advice and its facts, None in them while the answers say too little."""
    return next(((template, advise(actor, answers)) for template, advise in _FORM.items()), None)


def manage_sections(actor: Actor, need_id: str) -> list[tuple[str, Facts]]:
    """Return the templates and facts for the page that manages a need, in order."""
    return _filled(_MANAGE, actor, need_id)


def public_sections(actor: Actor, need_id: str) -> list[tuple[str, Facts]]:
    """Return the templates and facts for the public page of a need, in order."""
    return _filled(_PUBLIC, actor, need_id)


def _filled(sections: Mapping[str, Section], actor: Actor, need_id: str) -> list[tuple[str, Facts]]:
    found = []
    for section in sorted(sections.values(), key=lambda s: s.position):
        facts = section.provide(actor, need_id)
        if facts is not None:
            found.append((section.template, facts))
    return found
