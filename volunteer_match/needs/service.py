"""Needs: writing, sending, publishing, returning, withdrawing. `apply` alone moves a need's state."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from volunteer_match import clock, queue
from volunteer_match.actor import SYSTEM, Actor, Role
from volunteer_match.audit import service as audit
from volunteer_match.db import db, new_id
from volunteer_match.errors import ConflictError, ForbiddenError, NotFoundError, RuleBrokenError
from volunteer_match.needs import form_queries, messages, notices, rules, sessions_service
from volunteer_match.needs.models import Need, NeedItem, NeedRole, NeedRoleLanguage, NeedRoleSkill
from volunteer_match.needs.rules import Contact, NeedEvent, NeedState, Parties, Priority, Problem
from volunteer_match.needs.search import search_text
from volunteer_match.notifications import outbox
from volunteer_match.partners import queries as partners
from volunteer_match.partners.rules import HOSTS, PartnerState
from volunteer_match.people import catalogue_queries

_PLAIN = (
    "title", "what", "why", "bring", "contact", "staff_adults", "driving", "recurrence", "first_day",
    "last_day", "starts_local", "ends_local", "skip_holidays", "skip_breaks", "age_from", "age_to",
)  # fmt: skip
_TEXTS = ("title", "what", "why", "bring")
_SENDING = frozenset({PartnerState.UNDER_REVIEW, PartnerState.VERIFIED})


def post_draft(actor: Actor, given: Mapping[str, Any]) -> Need:
    """Keep a new need as a draft, however incomplete."""
    partner = partners.visible(actor, given["posted_by_id"])
    _check_choices(given)
    need = Need(
        id=new_id(),
        state=NeedState.DRAFT,
        title=given["title"],
        posted_by=partner,
        created_at=clock.now(),
        created_by_id=actor.user_id,
        roles=[],
        items=[],
        sessions=[],
    )
    db.session.add(need)
    _fill(need, given)
    audit.record(actor, "need_drafted", "need", need.id)
    db.session.flush()  # the next step of the same request looks it up
    return need


def edit(actor: Actor, need_id: str, version: int | None, given: Mapping[str, Any]) -> Need:
    """Change the answers of a need that is not public."""
    need = form_queries.visible(actor, need_id)
    check_version(need, version)
    if need.state not in rules.EDITABLE:
        raise RuleBrokenError("need_state")
    _check_choices(given)
    _check_complete(need, given)
    _check_roles_unused(need, given)
    _check_items_unused(need, given)
    _fill(need, given)
    audit.record(actor, "need_edited", "need", need.id)
    db.session.flush()  # counts the version before the next step compares it
    return need


def edit_texts(actor: Actor, need_id: str, version: int | None, given: Mapping[str, str]) -> Need:
    """Change the words of a published need; times and roles stay as people agreed to them."""
    need = form_queries.visible(actor, need_id)
    check_version(need, version)
    if need.state != NeedState.PUBLISHED:
        raise RuleBrokenError("need_state")
    for name in _TEXTS:
        setattr(need, name, given[name])
    need.search_text = search_text(need)
    audit.record(actor, "need_texts_edited", "need", need.id)
    return need


def may_submit(actor: Actor, partner_id: str) -> bool:
    """Tell whether the institution has come far enough to send needs to the coordinators."""
    return partners.visible(actor, partner_id).state in _SENDING


def clone(actor: Actor, need_id: str) -> Need:
    """Start a draft with the answers of an earlier need; the days are to be chosen anew."""
    need = form_queries.visible(actor, need_id)
    given = form_queries.answers(need) | {"first_day": None, "last_day": None}
    given |= {"starts_local": need.starts_local, "ends_local": need.ends_local}
    for rows in ("roles", "items"):
        given[rows] = [{**row, "id": ""} for row in given[rows]]
    return post_draft(actor, given)


def check_version(need: Need, version: int | None) -> None:
    """Refuse a form that was filled in before somebody else's change."""
    if version is not None and need.version != version:
        raise ConflictError


def _check_choices(given: Mapping[str, Any]) -> None:
    organiser = given["organiser_id"]
    own = organiser == given["posted_by_id"] and partners.may_host(organiser)
    if organiser and not own and organiser not in {o.id for o in partners.organisers()}:
        raise RuleBrokenError("organiser_unknown")
    venues = {v.id for v in partners.venue_choices([given["posted_by_id"]])}
    if given["venue_id"] and given["venue_id"] not in venues:
        raise RuleBrokenError("venue_unknown")


def _check_complete(need: Need, given: Mapping[str, Any]) -> None:
    # Only a draft may have gaps: coordinators look at needs that were sent.
    found = rules.lacking(given) if need.state != NeedState.DRAFT else []
    if found:
        raise RuleBrokenError(found[0].code, field=found[0].field, **found[0].facts)


def _check_roles_unused(need: Need, given: Mapping[str, Any]) -> None:
    kept = {role["id"] for role in given["roles"]}
    taken = [s for s in need.sessions if any(o.filled and o.role_id not in kept for o in s.openings)]
    if any(meeting.starts_at <= clock.now() for meeting in taken):
        raise RuleBrokenError("role_remembered")  # who helped when would go with it
    if taken:
        raise RuleBrokenError("role_in_use")


def _check_items_unused(need: Need, given: Mapping[str, Any]) -> None:
    kept = {item["id"] for item in given.get("items", ())}
    if form_queries.promised_items(need.id) - kept:
        raise RuleBrokenError("cancellations_pending")  # the owner has not been told yet


def _fill(need: Need, given: Mapping[str, Any]) -> None:
    with db.session.no_autoflush:  # half-filled rows would break the checks of the table
        for name in _PLAIN:
            setattr(need, name, given[name])
        need.children_count = given["children_count"] or 0
        need.supervision = given["supervision"] or None
        need.organiser_id = given["organiser_id"] or None
        need.venue_id = given["venue_id"] or None
        need.weekdays = _weekdays(given)
        _fill_roles(need, given["roles"])
        _fill_items(need, given.get("items", ()))
    db.session.flush()  # then the names of organiser, place and skills can be read for the search
    db.session.expire(need, ["organiser", "venue"])
    need.search_text = search_text(need)


def _weekdays(given: Mapping[str, Any]) -> str:
    if given["weekdays"] or not given["first_day"]:
        return "".join(str(day) for day in given["weekdays"])
    first: date = given["first_day"]
    return str(first.weekday())


def _fill_roles(need: Need, given: list[Mapping[str, Any]]) -> None:
    known = {role.id: role for role in need.roles}
    usable = catalogue_queries.usable_codes()
    kept = []
    for position, answers in enumerate(given):
        role = known.get(answers["id"]) or NeedRole(id=new_id(), skills=[], languages=[])
        role.position, role.name = position, answers["name"]
        role.minimum, role.preferred = answers["minimum"], answers["preferred"]
        role.minimum_age = answers["minimum_age"]
        _fill_wishes(role, answers, usable | {s.skill_code for s in role.skills})
        kept.append(role)
    need.roles = kept


def _fill_items(need: Need, rows: Iterable[Mapping[str, Any]]) -> None:
    known, kept = {item.id: item for item in need.items}, []
    for position, answers in enumerate(rows):
        item = known.get(answers["id"]) or NeedItem(id=new_id())
        item.position = position
        for name in ("kind", "quantity", "needed", "note"):
            setattr(item, name, answers[name])
        kept.append(item)
    need.items = kept


def _fill_wishes(role: NeedRole, answers: Mapping[str, Any], usable: set[str]) -> None:
    required = dict.fromkeys(answers["required_skills"], True)
    wishes = {**dict.fromkeys(answers["wanted_skills"], False), **required}
    before = {s.skill_code: s for s in role.skills}
    role.skills = [
        _skill(before.get(code), code, needed) for code, needed in wishes.items() if code in usable
    ]
    spoken = {entry.language: entry for entry in role.languages}
    role.languages = [spoken.get(code) or NeedRoleLanguage(language=code) for code in answers["languages"]]


def _skill(known: NeedRoleSkill | None, code: str, required: bool) -> NeedRoleSkill:
    wish = known or NeedRoleSkill(skill_code=code)
    wish.required = required
    return wish


def problems(need: Need) -> list[Problem]:
    """Return everything that stands in the way of publishing the need."""
    found = rules.lacking(form_queries.answers(need))
    stands = rules.parties_problem(_parties(need), Contact(need.contact))
    found += [stands] if stands else []
    plan = form_queries.plan_of(need)
    if plan:
        found += sessions_service.problems(need, plan)
    return found


def _parties(need: Need) -> Parties:
    organiser = need.organiser
    return Parties(
        poster_verified=need.posted_by.state == PartnerState.VERIFIED,
        organiser_verified=organiser is not None and organiser.state == PartnerState.VERIFIED,
        organiser_hosts=organiser is not None and organiser.kind in HOSTS,
        organiser_with_children=organiser is not None and organiser.organiser,
        standards_problem=partners.standing_problem(organiser) if organiser else None,
    )


def set_priority(actor: Actor, need_id: str, priority: Priority, version: int | None = None) -> Need:
    """Say how much a need presses, for the desk and for the matching."""
    if not partners.coordinates(actor):
        raise NotFoundError("only coordinators weigh needs against each other")
    need = form_queries.need(need_id)
    check_version(need, version)
    if need.state not in (NeedState.SUBMITTED, NeedState.PUBLISHED):
        raise RuleBrokenError("need_state")
    need.priority = priority
    audit.record(actor, "need_priority_set", "need", need.id, priority=int(priority))
    return need


def complete_past(now: datetime) -> int:
    """Finish every published need whose last date is over; return how many."""
    over = form_queries.over(now)
    for need_id in over:
        apply(SYSTEM, need_id, NeedEvent.COMPLETE)
    return len(over)


def apply(
    actor: Actor, need_id: str, event: NeedEvent, *, reason: str = "", version: int | None = None
) -> Need:
    """Move a need: the one place that changes its state."""
    need = form_queries.visible(actor, need_id)
    target = rules.TRANSITIONS[NeedState(need.state)].get(event)
    if not partners.coordinates(actor) and not actor.has(*rules.WHO[event]):
        raise ForbiddenError(event)
    check_version(need, version)
    if target is None:
        raise RuleBrokenError("need_state")
    if rules.reason_needed(NeedState(need.state), event) and not reason:
        raise RuleBrokenError("reason_missing")
    _guard(need, event)
    before, need.state, need.state_reason = need.state, target, reason
    begins = _consequences(need, event, NeedState(before), reason)
    audit.record(actor, f"need_{event}", "need", need.id, before=before, after=target)
    db.session.flush()  # counts the version that tells repeated mails apart
    _tell(actor, need, event, begins)
    if event in (NeedEvent.WITHDRAW, NeedEvent.RETURN):
        posters, organiser = event is NeedEvent.WITHDRAW, before == NeedState.PUBLISHED
        notices.tell_cancelled(actor, need, posters=posters, organiser=organiser)
    return need


def _guard(need: Need, event: NeedEvent) -> None:
    if event is NeedEvent.SUBMIT:
        found = rules.lacking(form_queries.answers(need))
        if need.posted_by.state not in _SENDING:
            found.append(Problem("posted_by_id", "partner_cannot_submit"))
    elif event is NeedEvent.PUBLISH:
        found = problems(need)
    else:
        return
    if found:
        raise RuleBrokenError(found[0].code, field=found[0].field, **found[0].facts)


def _consequences(need: Need, event: NeedEvent, before: NeedState, reason: str) -> list[datetime]:
    now = clock.now()
    if event is NeedEvent.SUBMIT:
        need.submitted_at = now
    if event is NeedEvent.PUBLISH:
        need.published_at = now
        need.search_text = search_text(need)
        return sessions_service.open_all(need)
    if event in (NeedEvent.WITHDRAW, NeedEvent.RETURN) and before == NeedState.PUBLISHED:
        sessions_service.cancel_all(need, reason)
        queue.wake("reconcile")
    return []


def _tell(actor: Actor, need: Need, event: NeedEvent, begins: list[datetime]) -> None:
    if event is NeedEvent.SUBMIT and not actor.has(Role.COORDINATOR):
        for coordinator in partners.coordinators():
            outbox.put(messages.submitted(need, coordinator))
    for contact in partners.contacts(need.posted_by):
        if event is NeedEvent.PUBLISH:
            outbox.put(messages.published(need, begins, contact))
        elif event is NeedEvent.RETURN:
            outbox.put(messages.returned(need, contact))
