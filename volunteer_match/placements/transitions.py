"""The one door every match goes through: guard, version, places, time, messages and history together."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from volunteer_match import clock, queue
from volunteer_match.actor import STAFF, SYSTEM, Actor, Role
from volunteer_match.audit import service as audit
from volunteer_match.db import db
from volunteer_match.errors import ConflictError, ForbiddenError, NotFoundError, RuleBrokenError
from volunteer_match.matching import pair_queries as pairs
from volunteer_match.needs.models import NeedSession, Opening
from volunteer_match.needs.rules import slots
from volunteer_match.people.models import Volunteer
from volunteer_match.placements import ground_queries, notices, rules
from volunteer_match.placements.models import Match, VolunteerSlot
from volunteer_match.placements.queries import LEAN
from volunteer_match.placements.rules import LIVE, OCCUPYING, MatchEvent, MatchState


def apply(
    actor: Actor, match_id: str, event: MatchEvent, *, reason: str = "", expected: int | None = None
) -> Match:
    """Move one match: check, change, take or free the place, tell everyone concerned, write it down."""
    # All or nothing even when the caller catches the refusal and goes on.
    with db.session.begin_nested():
        return _apply(actor, match_id, event, reason, expected)


def _apply(actor: Actor, match_id: str, event: MatchEvent, reason: str, expected: int | None) -> Match:
    match, now = (_row(match_id) if event == MatchEvent.SUPERSEDE else locked(match_id)), clock.now()
    if expected is not None and match.version != expected:
        raise ConflictError()
    source = MatchState(match.state)
    target = rules.TRANSITIONS[source].get(event)
    if target is None:
        raise RuleBrokenError("illegal_transition", state=source, event=event)
    _check_actor(actor, match, event)
    _check_ground(actor, match, event, now)
    if event in rules.NEEDS_REASON and not reason:
        raise RuleBrokenError("reason_missing")
    _change(actor, match, event, target, reason, now)
    _move_place(match, source, target)
    db.session.flush()  # the version check and the constraints speak before anybody is told
    code = reason if reason in rules.KNOWN_REASONS else ""
    # Own words stay with the match, where they can be erased; the history cannot forget.
    audit.record(actor, f"match_{event}", "match", match.id, source=source, target=target, reason=code)
    notices.tell(actor, match, event, source)
    _after(match, source, target)
    return match


def locked(match_id: str) -> Match:
    """Load a match as it is now, holding its opening, its volunteer and itself until the end."""
    found = db.session.execute(
        select(Match.opening_id, Match.volunteer_id).where(Match.id == match_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError("match")
    # Always in this order, so that two decisions wait for each other instead of locking each other out.
    lock_pair(found.opening_id, found.volunteer_id)
    return _row(match_id)


def _row(match_id: str) -> Match:
    query = select(Match).where(Match.id == match_id).options(*LEAN).with_for_update(of=Match)
    return db.session.execute(query.execution_options(populate_existing=True)).unique().scalar_one()


def lock_pair(opening_id: str, volunteer_id: str) -> None:
    """Hold an opening and a volunteer until the end of the transaction (SQLite already holds everything)."""
    db.session.execute(select(Opening.id).where(Opening.id == opening_id).with_for_update(key_share=True))
    lock_volunteer(volunteer_id)


def lock_volunteer(volunteer_id: str) -> None:
    """Hold a volunteer until the end of the transaction, as every change of that row does, a pause too."""
    query = select(Volunteer.id).where(Volunteer.id == volunteer_id)
    db.session.execute(query.with_for_update(key_share=True))


def _check_actor(actor: Actor, match: Match, event: MatchEvent) -> None:
    if not rules.may(actor.roles, actor.user_id is None, event):
        raise ForbiddenError(event)
    # Only the roles that may do this count: being a volunteer gives no partner the word of another one.
    able = _able(actor, match, event)
    if actor.user_id is None or able & STAFF:
        return
    if not able:
        raise RuleBrokenError("not_about_oneself")
    if Role.VOLUNTEER in able and match.volunteer.user_id == actor.user_id:
        return
    members = {member.user_id for member in match.session.need.posted_by.members}
    if Role.PARTNER not in able or actor.user_id not in members:
        raise NotFoundError("match")


def _able(actor: Actor, match: Match, event: MatchEvent) -> frozenset[Role]:
    able = actor.roles & rules.WHO[event]
    own = match.volunteer.user_id == actor.user_id and event not in rules.DECIDES_NOTHING
    return able - STAFF if own else able


def _check_ground(actor: Actor, match: Match, event: MatchEvent, now: datetime) -> None:
    # On the phone a coordinator may still take an answer after the cut-off, until the session begins.
    answer_by = None if _able(actor, match, event) & STAFF else match.answer_by
    late = rules.too_late(event, now, match.session.starts_at, answer_by)
    if late:
        raise RuleBrokenError(late)
    if event in (MatchEvent.APPROVE, MatchEvent.ACCEPT, MatchEvent.RELEASE):
        code = rules.lost_ground(ground_queries.ground(match, now))
        if code:
            raise RuleBrokenError(code, name=match.volunteer.user.name)
    need = match.session.need
    # A plan made before two were kept apart may come to the desk after it.
    if event == MatchEvent.APPROVE and pairs.is_kept_apart(match.volunteer_id, need.id, need.posted_by_id):
        raise RuleBrokenError("kept_apart", name=match.volunteer.user.name)


def _change(
    actor: Actor, match: Match, event: MatchEvent, target: MatchState, reason: str, now: datetime
) -> None:
    match.state, match.reason, match.changed_at = target, reason, now
    if event == MatchEvent.APPROVE:
        match.offered_at, match.answered_at, match.answer_channel = now, None, None
        match.answer_by = rules.answer_deadline(now, match.session.starts_at)
    if event in (MatchEvent.ACCEPT, MatchEvent.DECLINE):
        match.answered_at, match.answer_channel = now, actor.channel
    else:
        match.decided_by_id = actor.user_id
    freed = target in (MatchState.DECLINED, MatchState.EXPIRED, MatchState.CANCELLED)
    # A proposal that gave way for a cause leaves its place with nobody; a run thinks of all places itself.
    match.refill = freed or (target == MatchState.SUPERSEDED and bool(reason))


def _move_place(match: Match, source: MatchState, target: MatchState) -> None:
    if source not in OCCUPYING and target in OCCUPYING:
        _take(match)
    elif source in OCCUPYING and target not in OCCUPYING:
        _free(match)


def _take(match: Match) -> None:
    _check_caps(match)
    count = (
        update(Opening)
        .where(Opening.id == match.opening_id, Opening.filled < Opening.capacity)
        .values(filled=Opening.filled + 1)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(count).rowcount != 1:  # type: ignore[attr-defined]
        raise ConflictError("place_taken")
    _book(match)
    db.session.refresh(match.opening, ["filled"])


def _book(match: Match) -> None:
    wanted = slots(match.session.starts_at, match.session.ends_at)
    taken = select(VolunteerSlot.starts_at).where(
        VolunteerSlot.volunteer_id == match.volunteer_id, VolunteerSlot.starts_at.in_(wanted)
    )
    if db.session.scalars(taken.limit(1)).first() is not None:
        raise ConflictError("already_busy", name=match.volunteer.user.name)
    rows = [{"volunteer_id": match.volunteer_id, "starts_at": at, "match_id": match.id} for at in wanted]
    try:
        db.session.execute(insert(VolunteerSlot), rows)
    except IntegrityError as error:  # another writer between the look and the booking
        raise ConflictError("already_busy", name=match.volunteer.user.name) from error


def _check_caps(match: Match) -> None:
    person, meeting = match.volunteer, match.session
    hours, sessions = ground_queries.week_use(match)
    length = (meeting.ends_at - meeting.starts_at).total_seconds() / 3600
    if hours + length > person.max_hours_per_week:
        raise RuleBrokenError("cap_hours", name=person.user.name, cap=person.max_hours_per_week)
    if sessions + 1 > person.max_sessions_per_week:
        raise RuleBrokenError("cap_sessions", name=person.user.name, cap=person.max_sessions_per_week)


def _free(match: Match) -> None:
    db.session.execute(delete(VolunteerSlot).where(VolunteerSlot.match_id == match.id))
    db.session.execute(
        update(Opening)
        .where(Opening.id == match.opening_id)
        .values(filled=Opening.filled - 1)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(match.opening, ["filled"])


def _after(match: Match, source: MatchState, target: MatchState) -> None:
    if source in OCCUPYING and target not in OCCUPYING:
        queue.wake("mend")  # looks for the next person
    if source not in OCCUPYING and target in OCCUPYING:
        for other_id in _crowded_out(match):
            apply(SYSTEM, other_id, MatchEvent.SUPERSEDE, reason="crowded_out")
            queue.wake("mend")


def _crowded_out(match: Match) -> Sequence[str]:
    full = match.opening.filled >= match.opening.capacity
    same_place = Match.opening_id == match.opening_id
    same_time = (
        (Match.volunteer_id == match.volunteer_id)
        & (NeedSession.starts_at < match.session.ends_at)
        & (NeedSession.ends_at > match.session.starts_at)
    )
    query = (
        select(Match.id)
        .join(NeedSession, NeedSession.id == Match.session_id)
        .where(Match.state == MatchState.PROPOSED, same_place | same_time if full else same_time)
        .order_by(Match.id)
        # One that somebody is deciding at this moment will find the place or the person taken by itself.
        .with_for_update(of=Match, skip_locked=True)
    )
    return db.session.scalars(query).all()


def propose(
    actor: Actor,
    opening: Opening,
    volunteer_id: str,
    *,
    run_id: str | None = None,
    score: int = 0,
    reasons: Sequence[dict[str, object]] = (),
    runner_up: dict[str, object] | None = None,
) -> Match:
    """Put a pair on the desk: a new match, the same proposal refreshed, or an old one brought back."""
    lock_pair(opening.id, volunteer_id)
    match = db.session.scalars(
        select(Match).where(Match.opening_id == opening.id, Match.volunteer_id == volunteer_id)
    ).first()
    if match is None:
        match = _new(actor, opening, volunteer_id)
    elif match.state not in LIVE:
        match = apply(actor, match.id, MatchEvent.PROPOSE)
    if match.state == MatchState.PROPOSED:
        match.run_id, match.score, match.runner_up = run_id, score, runner_up
        wish = [each for each in match.reasons if each["code"] == rules.SELF_APPLIED]
        match.reasons = [
            *wish,
            *(dict(each) for each in reasons if each["code"] != rules.SELF_APPLIED or not wish),
        ]
    return match


def _new(actor: Actor, opening: Opening, volunteer_id: str) -> Match:
    now = clock.now()
    match = Match(
        opening_id=opening.id,
        session_id=opening.session_id,
        volunteer_id=volunteer_id,
        created_at=now,
        changed_at=now,
        decided_by_id=actor.user_id,
    )
    match.reasons = []
    db.session.add(match)
    db.session.flush()  # the history needs the id, and a race for the same pair ends here
    _check_actor(actor, match, MatchEvent.PROPOSE)
    audit.record(
        actor, "match_propose", "match", match.id, source=None, target=MatchState.PROPOSED, reason=""
    )
    return match
