"""The sessions of a need: opened when it is published, added and cancelled one by one."""

from datetime import date, datetime, time

from volunteer_match import clock, queue
from volunteer_match.actor import Actor
from volunteer_match.audit import service as audit
from volunteer_match.db import db, new_id
from volunteer_match.errors import ForbiddenError, NotFoundError, RuleBrokenError
from volunteer_match.i18n import local_zone
from volunteer_match.needs import calendar_queries, form_queries, notices
from volunteer_match.needs.models import Need, NeedSession, Opening
from volunteer_match.needs.recurrence import Plan, in_gap, span
from volunteer_match.needs.rules import MAX_SESSIONS, NeedState, Problem, Recurrence, SessionState
from volunteer_match.partners import queries as partners

Span = tuple[datetime, datetime]


def _days(need: Need, plan: Plan) -> list[date]:
    found = calendar_queries.planned(
        plan, skip_holidays=need.skip_holidays, skip_breaks=need.skip_breaks, language="pl"
    )
    return [meeting.day for meeting in found if not meeting.skipped]


def problems(need: Need, plan: Plan) -> list[Problem]:
    """Return what is wrong with the dates of a need."""
    zone, found = local_zone(), []
    days = _days(need, plan)
    gaps = [day for day in days if in_gap(day, plan.starts, zone) or in_gap(day, plan.ends, zone)]
    if gaps:
        found.append(Problem("starts_local", "gap_hour", {"day": gaps[0].strftime("%d.%m.%Y")}))
    if not _to_open(need, plan):
        found.append(Problem("first_day", "no_future_dates"))
    if len(days) > MAX_SESSIONS:
        found.append(Problem("last_day", "too_many_dates", {"limit": MAX_SESSIONS}))
    return found


def open_all(need: Need) -> list[datetime]:
    """Make a session with its places for every date in the future; return when they begin."""
    plan = form_queries.plan_of(need)
    if plan is None:
        raise RuleBrokenError("need_incomplete")
    wanted = _to_open(need, plan)
    known = {meeting.starts_at: meeting for meeting in need.sessions}
    for begins, ends in wanted:
        _open(need, known.get(begins), (begins, ends))
    return [begins for begins, _ends in wanted]


def _to_open(need: Need, plan: Plan) -> list[Span]:
    """Return when the coming meetings are, without those that were cancelled one by one."""
    spans = [span(plan, day, local_zone()) for day in _days(need, plan)]
    alone = {m.starts_at for m in need.sessions if m.state == SessionState.CANCELLED and not m.with_need}
    return [at for at in spans if at[0] > clock.now() and at[0] not in alone]


def _open(need: Need, known: NeedSession | None, at: Span) -> NeedSession:
    if known is not None and any(opening.filled for opening in known.openings):
        raise RuleBrokenError("cancellations_pending")
    meeting = known or NeedSession(id=new_id(), starts_at=at[0], openings=[])
    meeting.ends_at, meeting.state, meeting.state_reason = at[1], SessionState.SCHEDULED, ""
    meeting.at_risk_since, meeting.with_need = None, False
    if known is None:
        need.sessions.append(meeting)
    _open_places(need, meeting)
    return meeting


def _open_places(need: Need, meeting: NeedSession) -> None:
    known = {opening.role_id: opening for opening in meeting.openings}
    for role in need.roles:
        opening = known.get(role.id)
        if opening is None:
            opening = Opening(need_id=need.id, session_id=meeting.id, role_id=role.id, filled=0)
            meeting.openings.append(opening)
        opening.minimum, opening.capacity = role.minimum, role.preferred


def cancel_all(need: Need, reason: str) -> None:
    """Cancel every session that has not begun."""
    for meeting in need.sessions:
        if meeting.state == SessionState.SCHEDULED and meeting.starts_at > clock.now():
            meeting.state, meeting.state_reason, meeting.with_need = SessionState.CANCELLED, reason, True


def add_session(actor: Actor, need_id: str, day: date, starts_local: time, ends_local: time) -> NeedSession:
    """Add one more date to a published need."""
    if not partners.coordinates(actor):
        raise ForbiddenError("coordinators add dates")
    need = form_queries.visible(actor, need_id)
    if need.state != NeedState.PUBLISHED:
        raise RuleBrokenError("need_state")
    at = _checked_span(day, starts_local, ends_local)
    known = next((m for m in need.sessions if m.starts_at == at[0]), None)
    if known is not None and known.state == SessionState.SCHEDULED:
        raise RuleBrokenError("session_exists")
    planned = sum(m.state == SessionState.SCHEDULED for m in need.sessions)
    if planned >= MAX_SESSIONS:
        raise RuleBrokenError("too_many_dates", limit=MAX_SESSIONS)
    meeting = _open(need, known, at)
    audit.record(actor, "session_added", "need", need.id, at=at[0].isoformat())
    db.session.flush()  # a second one at the same moment must fail here
    return meeting


def _checked_span(day: date, starts: time, ends: time) -> Span:
    plan, zone = Plan(Recurrence.ONCE, day, day, starts, ends), local_zone()
    if in_gap(day, starts, zone) or in_gap(day, ends, zone):
        raise RuleBrokenError("gap_hour", day=day.strftime("%d.%m.%Y"))
    at = span(plan, day, zone)
    if at[0] <= clock.now():
        raise RuleBrokenError("session_past")
    return at


def cancel_session(actor: Actor, need_id: str, session_id: str, reason: str) -> NeedSession:
    """Cancel one date of a need; whoever was to come is told."""
    need = form_queries.visible(actor, need_id)
    meeting = next((m for m in need.sessions if m.id == session_id), None)
    if meeting is None:
        raise NotFoundError("session")
    if not reason:
        raise RuleBrokenError("reason_missing")
    if meeting.state != SessionState.SCHEDULED or meeting.starts_at <= clock.now():
        raise RuleBrokenError("session_not_planned")
    meeting.state, meeting.state_reason = SessionState.CANCELLED, reason
    audit.record(actor, "session_cancelled", "need", need.id, session=meeting.id)
    db.session.flush()  # counts the version that tells repeated mails apart
    notices.tell_session_cancelled(actor, meeting)
    queue.wake("reconcile")
    return meeting
