"""Signing up, and the one place that moves a volunteer's application."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from volunteer_match import clock, queue
from volunteer_match.accounts import queries as accounts_queries
from volunteer_match.accounts import service as accounts
from volunteer_match.accounts.models import User
from volunteer_match.actor import Actor, Channel, Role
from volunteer_match.audit import service as audit
from volunteer_match.db import db
from volunteer_match.errors import ConflictError, ForbiddenError, NotFoundError, RuleBrokenError
from volunteer_match.i18n import today
from volunteer_match.notifications import outbox
from volunteer_match.people import messages, queries, rules
from volunteer_match.people.models import Volunteer, VolunteerLanguage
from volunteer_match.people.rules import VolunteerEvent, VolunteerState

CONFIRMATION_PURPOSE = "sign_up"
CONFIRMATION_LIFETIME = timedelta(days=3)
UNCONFIRMED_KEPT = timedelta(days=7)
_MAIL_PAUSE = timedelta(minutes=10)


# Signing up


def begin_sign_up(actor: Actor, name: str, email: str, locale: str) -> None:
    """Mail a link to the address: a confirmation to new people, the way in to those known already."""
    known = accounts_queries.user_by_email(email)
    if known is None:
        known = accounts.register_person(actor, name, email, None, locale, Role.VOLUNTEER)
        if queries.volunteer_of_user(known.id) is None:
            add_volunteer(actor, known)
    _mail_the_way_in(known)


def _mail_the_way_in(person: User) -> None:
    if person.disabled_at is not None:
        return
    if person.email_confirmed_at is None and queries.volunteer_of_user(person.id):
        ask_to_confirm(person)
    else:
        outbox.put(messages.account_known(person, _occasion()))


def ask_to_confirm(person: User) -> None:
    """Mail the link that confirms an address, at most once in ten minutes."""
    raw = accounts.issue_token(CONFIRMATION_PURPOSE, person.id, CONFIRMATION_LIFETIME)
    expires_at = clock.now() + CONFIRMATION_LIFETIME
    outbox.put(messages.sign_up_confirmation(person, raw, _occasion(), expires_at))


def _occasion() -> str:
    # Whoever types somebody's address again and again must not fill that person's mailbox.
    return str(int(clock.now().timestamp() // _MAIL_PAUSE.total_seconds()))


def confirm_sign_up(raw: str) -> str:
    """Use the link of a confirmation mail and return whose account it confirmed."""
    used = accounts.consume_token(CONFIRMATION_PURPOSE, raw)
    accounts.confirm_address(used.subject_id)
    # Every press on the sign-up's button mailed a link, and each of them signs in.
    accounts.void_tokens(used.subject_id, CONFIRMATION_PURPOSE)
    actor = Actor(used.subject_id, channel=Channel.MAIL)
    audit.record(actor, "address_confirmed", "account", used.subject_id)
    return used.subject_id


def become_volunteer(actor: Actor) -> Volunteer:
    """Let somebody who has an account for another reason sign up with it."""
    person = accounts_queries.user(actor.user_id or "")
    known = queries.volunteer_of_user(person.id)
    if known is not None:
        return known
    accounts.grant_role(actor, person.id, Role.VOLUNTEER)
    return add_volunteer(actor, person)


def add_volunteer(actor: Actor, person: User) -> Volunteer:
    """Add an empty application to an account."""
    now = clock.now()
    volunteer = Volunteer(
        user_id=person.id,
        user=person,
        state=VolunteerState.DRAFT,
        created_at=now,
        changed_at=now,
        languages=[VolunteerLanguage(language=rules.USUAL_LANGUAGE)],
    )
    db.session.add(volunteer)
    db.session.flush()  # the history refers to the row by its key
    audit.record(actor, "volunteer_added", "volunteer", volunteer.id)
    return volunteer


def forget_unconfirmed(now: datetime) -> None:
    """Forget sign-ups whose address nobody confirmed: whoever typed it may not have been its owner."""
    for volunteer in queries.unconfirmed(now - UNCONFIRMED_KEPT):
        person = volunteer.user
        if person.roles == {Role.VOLUNTEER}:
            db.session.delete(volunteer)
            db.session.flush()  # the account goes last
            db.session.delete(person)


# Moving an application


def apply(
    actor: Actor,
    volunteer: Volunteer,
    event: VolunteerEvent,
    *,
    target: VolunteerState | None = None,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
    version: int | None = None,
    quiet: bool = False,
) -> None:
    """Move the application: check who and whether, change, record, and mail; or raise and change nothing.

    `target` chooses among the states an event may lead to; `facts` are added to the mail; `quiet` sends none,
    for what people should hear from a person.
    """
    _check_who(actor, volunteer, event)
    check_version(volunteer, version)
    before, after = VolunteerState(volunteer.state), _target(volunteer, event, target)
    if event in rules.WHEN_STAFF_MUST_SAY_WHY and not reason and actor.user_id != volunteer.user_id:
        raise RuleBrokenError("reason_missing")
    volunteer.state, volunteer.state_reason = after, reason
    volunteer.changed_at = clock.now()
    db.session.flush()  # the mail is told apart by the version that this write counts
    audit.record(
        as_proxy(actor, volunteer),
        f"volunteer_{event}",
        "volunteer",
        volunteer.id,
        before=before,
        after=after,
    )
    if after != before and not quiet:
        _tell(actor, volunteer, event, after, {"reason": reason, **(facts or {})})
    if before in rules.SERVING and after != VolunteerState.ACTIVE:
        queue.wake("reconcile")


def _check_who(actor: Actor, volunteer: Volunteer, event: VolunteerEvent) -> None:
    if actor.trusted:
        return
    staff = actor.roles - {Role.VOLUNTEER}
    if actor.user_id == volunteer.user_id and Role.VOLUNTEER in rules.WHO[event]:
        return
    if staff.isdisjoint(rules.WHO[event]):
        if actor.user_id == volunteer.user_id:
            raise ForbiddenError(event)
        raise NotFoundError("volunteer")


def _target(volunteer: Volunteer, event: VolunteerEvent, wanted: VolunteerState | None) -> VolunteerState:
    possible = rules.TRANSITIONS[VolunteerState(volunteer.state)].get(event, ())
    if wanted is None and len(possible) == 1:
        return possible[0]
    if wanted is None or wanted not in possible:
        raise RuleBrokenError("not_possible_now", state=volunteer.state, event=event)
    return wanted


def _tell(
    actor: Actor, volunteer: Volunteer, event: VolunteerEvent, state: VolunteerState, facts: Mapping[str, Any]
) -> None:
    if state not in messages.ARRIVALS or event is VolunteerEvent.RESUME:
        return
    if actor.user_id == volunteer.user_id and state is VolunteerState.ENDED:
        return
    on_the_phone = actor.channel in (Channel.PHONE, Channel.PAPER) and volunteer.user.email is None
    if state is VolunteerState.SUBMITTED and on_the_phone:
        return  # they hear it while they speak with the coordinator
    outbox.put(messages.arrived(volunteer, state, facts))


def check_version(volunteer: Volunteer, version: int | None) -> None:
    """Raise ConflictError when the page was made before somebody else changed the person."""
    if version is not None and version != volunteer.version:
        raise ConflictError()


def as_proxy(actor: Actor, volunteer: Volunteer) -> Actor:
    """Return the actor, marked as acting for the volunteer when it is somebody else."""
    if actor.user_id in (None, volunteer.user_id):
        return actor
    return actor.by(actor.channel, on_behalf_of=volunteer.user_id)


def submit(actor: Actor, volunteer_id: str, version: int | None = None) -> None:
    """Send the application to the coordinators."""
    volunteer = editable(actor, volunteer_id)
    answers = answers_of(volunteer)
    missing = rules.missing_answers(answers)
    if missing and actor.user_id == volunteer.user_id:
        raise RuleBrokenError("answers_missing", sections=list(missing))
    problem = answers.birth_date and rules.birth_date_problem(answers.birth_date, today())
    if problem:
        raise RuleBrokenError(problem)
    volunteer.submitted_at = clock.now()
    apply(actor, volunteer, VolunteerEvent.SUBMIT, version=version)


def answers_of(volunteer: Volunteer) -> rules.Answers:
    """Return what of the sign-up has been answered."""
    skills = len(volunteer.skills) + len(queries.open_suggestions(volunteer.id))
    return rules.Answers(volunteer.birth_date, skills, len(volunteer.availability))


def move(
    actor: Actor, volunteer_id: str, event: VolunteerEvent, reason: str = "", version: int | None = None
) -> None:
    """Do one of the plain acts of a coordinator or volunteer: screen, reject, withdraw, end."""
    volunteer = visible(actor, volunteer_id)
    apply(actor, volunteer, event, reason=reason, version=version)


def pause(
    actor: Actor, volunteer_id: str, first_day: date, last_day: date | None, version: int | None = None
) -> None:
    """Take a person out for a time; until further notice when there is no last day.

    A pause with an end, or one that begins later, is a stretch of days away: the person stays active for
    the days around it.
    """
    volunteer = editable(actor, volunteer_id)
    if last_day is not None and last_day < first_day:
        raise RuleBrokenError("ends_before_start")
    check_version(volunteer, version)
    if VolunteerState(volunteer.state) is not VolunteerState.ACTIVE:
        raise RuleBrokenError("not_possible_now", state=volunteer.state)
    volunteer.paused_from, volunteer.paused_until = first_day, last_day
    if last_day is None and first_day <= today():
        apply(actor, volunteer, VolunteerEvent.PAUSE)
    else:
        note_change(actor, volunteer, "pause")
        queue.wake("reconcile")


def resume(actor: Actor, volunteer_id: str, version: int | None = None) -> None:
    """End a pause now."""
    volunteer = editable(actor, volunteer_id)
    check_version(volunteer, version)
    volunteer.paused_from = volunteer.paused_until = None
    if volunteer.state == VolunteerState.PAUSED:
        apply(actor, volunteer, VolunteerEvent.RESUME)
    else:
        note_change(actor, volunteer, "pause")
    changed(actor, volunteer)


# Who may touch whom


def visible(actor: Actor, volunteer_id: str) -> Volunteer:
    """Return the volunteer if the actor is that person or staff, or raise NotFoundError."""
    volunteer = queries.volunteer(volunteer_id)
    allowed = actor.has(Role.COORDINATOR, Role.OFFICER) or actor.trusted
    if not allowed and actor.user_id != volunteer.user_id:
        raise NotFoundError("volunteer")
    return volunteer


def editable(actor: Actor, volunteer_id: str) -> Volunteer:
    """Return the volunteer if the actor is that person or a coordinator, or raise NotFoundError."""
    volunteer = visible(actor, volunteer_id)
    allowed = actor.has(Role.COORDINATOR) or actor.trusted
    if not allowed and actor.user_id != volunteer.user_id:
        raise NotFoundError("volunteer")
    if is_closed(volunteer):
        raise RuleBrokenError("application_closed")
    return volunteer


def check_not_oneself(actor: Actor, volunteer: Volunteer) -> None:
    """Refuse that somebody attests anything about themselves."""
    if actor.user_id is not None and actor.user_id == volunteer.user_id:
        raise RuleBrokenError("not_for_oneself")


def is_closed(volunteer: Volunteer) -> bool:
    """Tell whether the application is over, so that its answers stay as they are."""
    return volunteer.state in (VolunteerState.REJECTED, VolunteerState.ENDED)


def note_change(actor: Actor, volunteer: Volunteer, section: str) -> None:
    """Record that a section of the answers changed, and count the version on."""
    volunteer.changed_at = clock.now()
    audit.record(as_proxy(actor, volunteer), "volunteer_edited", "volunteer", volunteer.id, section=section)


# Capabilities above that must look again when a person's facts change


Listener = Callable[[Actor, Volunteer], None]
_LISTENERS: list[Listener] = []


def when_changed(listener: Listener) -> None:
    """Call the function, inside the transaction, whenever facts changed that may ask for other papers."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def changed(actor: Actor, volunteer: Volunteer) -> None:
    """Tell the capabilities above that facts of the person changed."""
    db.session.flush()  # they read the tables
    for listener in _LISTENERS:
        listener(actor, volunteer)
