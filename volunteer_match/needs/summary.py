"""The summary card beside the form: what a need will look like, from answers that may still be incomplete."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from volunteer_match.i18n import local_zone, words_for_day
from volunteer_match.needs import calendar_queries, draft_queries, form_queries, labels
from volunteer_match.needs.recurrence import Meeting, Plan, in_gap
from volunteer_match.needs.rules import MAX_SESSIONS, Contact, Supervision, adults_required
from volunteer_match.needs.schemas import NeedSchema
from volunteer_match.web import forms
from volunteer_match.web.forms import Form

_SHOWN = 12


@dataclass(frozen=True)
class Summary:
    """What the card says; empty parts are not said yet."""

    title: str
    when: str
    dates: tuple[str, ...]
    more: int
    skipped: tuple[tuple[str, str], ...]
    """Days left out, with the reason."""
    warnings: tuple[str, ...]
    roles: tuple[tuple[str, str], ...]
    children: str
    organiser: str
    venue: str


def of_form(form: Form, locale: str) -> Summary:
    """Summarise what was typed, leaving out the answers that are wrong."""
    return of_answers(readable(form), locale)


def readable(form: Form) -> dict[str, Any]:
    """Return the answers that are right as far as they go; the wrong ones count as not given."""
    if form.ok and form.data:
        return form.data
    typed = form.typed
    for _attempt in range(3):  # the second reading may meet rules that compare two answers
        form = forms.read(NeedSchema(), typed)
        if form.ok:
            return form.data
        typed = _without(typed, tuple(form.errors))
    return forms.read(NeedSchema(), MultiDict({"posted_by_id": "-"})).data


def _without(typed: MultiDict[str, str], wrong: tuple[str, ...]) -> MultiDict[str, str]:
    kept: MultiDict[str, str] = MultiDict()
    for name in typed:
        path = name.replace("-", ".")
        if not any(path == bad or bad.startswith(f"{path}.") for bad in wrong):
            kept.setlist(name, typed.getlist(name))
    if "posted_by_id" in wrong:
        kept["posted_by_id"] = "-"
    return kept


def of_answers(data: Mapping[str, Any], locale: str) -> Summary:
    """Summarise answers that are right as far as they go."""
    plan = draft_queries.plan_of(data)
    days = _days(plan, data, locale)
    kept = [m for m in days if not m.skipped]
    organiser, venue = form_queries.names_of_parties(data["organiser_id"], data["venue_id"])
    return Summary(
        title=data["title"],
        when=labels.words_for_plan(plan) if plan else "",
        dates=tuple(words_for_day(m.day) for m in kept[:_SHOWN]),
        more=max(0, len(kept) - _SHOWN),
        skipped=tuple((words_for_day(m.day), m.skipped) for m in days if m.skipped),
        warnings=tuple(_warnings(plan, kept)),
        roles=tuple(
            (r["name"] or _("Role without a name"), heads(r["minimum"], r["preferred"]))
            for r in data["roles"]
        ),
        children=_children(data),
        organiser=organiser,
        venue=venue,
    )


def _days(plan: Plan | None, data: Mapping[str, Any], locale: str) -> tuple[Meeting, ...]:
    if plan is None:
        return ()
    return calendar_queries.planned(
        plan, skip_holidays=data["skip_holidays"], skip_breaks=data["skip_breaks"], language=locale
    )


def _warnings(plan: Plan | None, kept: list[Meeting]) -> list[str]:
    if plan is None:
        return []
    zone, found = local_zone(), []
    for meeting in kept:
        if in_gap(meeting.day, plan.starts, zone) or in_gap(meeting.day, plan.ends, zone):
            found.append(str(_("On %(day)s the clocks skip this hour.", day=words_for_day(meeting.day))))
    if not kept:
        found.append(str(_("No date is left.")))
    if len(kept) > MAX_SESSIONS:
        found.append(str(_("There would be more than %(limit)s dates.", limit=MAX_SESSIONS)))
    return found


def heads(minimum: int, preferred: int) -> str:
    """Return how many people a role asks for."""
    if preferred > minimum:
        return str(_("%(least)s to %(best)s people", least=minimum, best=preferred))
    return str(ngettext("%(num)s person", "%(num)s people", minimum))


def _children(data: Mapping[str, Any]) -> str:
    if data["contact"] != Contact.CHILDREN or not data["children_count"]:
        return ""
    words = children(data["children_count"], data["age_from"], data["age_to"])
    supervision = Supervision(data["supervision"]) if data["supervision"] else None
    adults = adults_required(Contact.CHILDREN, supervision, data["children_count"], data["age_from"] or 0)
    if not adults:
        return words
    needed = ngettext("%(num)s checked adult", "%(num)s checked adults", adults)
    return f"{words}. {needed}."


def children(count: int, age_from: int | None, age_to: int | None) -> str:
    """Return how many children of which age are there."""
    words = str(ngettext("%(num)s child", "%(num)s children", count))
    if age_from is None or age_to is None:
        return words
    return str(_("%(children)s aged %(first)s\u2013%(last)s", children=words, first=age_from, last=age_to))
