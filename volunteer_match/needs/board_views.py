"""Public pages: the front page, the board of open needs, one need for people and for other programs."""

import json
from typing import Any

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from volunteer_match import clock
from volunteer_match.actor import Role
from volunteer_match.errors import NotFoundError
from volunteer_match.i18n import words_for_span
from volunteer_match.needs import board_queries, feeds, form_queries, labels, sections, summary
from volunteer_match.needs.blueprint import bp
from volunteer_match.needs.board_queries import Card, Filters
from volunteer_match.needs.form_queries import Need
from volunteer_match.needs.rules import Contact, NeedState
from volunteer_match.partners import queries as partners
from volunteer_match.people.labels import LANGUAGES, WEEKDAYS
from volunteer_match.web.access import current_actor, public
from volunteer_match.web.paging import PAGE_SIZE, Page, offset, page_number

_ON_FRONT_PAGE = 6
_SIMILAR = 3


@bp.get("/")
@public
def front() -> ResponseReturnValue:
    """Show what the club needs now and the two ways in."""
    cards, total = board_queries.board(Filters(), clock.now(), str(get_locale()), size=_ON_FRONT_PAGE)
    return render_template(
        "needs/front.html", cards=[_words(c) for c in cards], total=total, join_url=_join_url()
    )


def _join_url() -> str:
    return url_for("people.join")


@bp.get("/needs")
@public
def listing() -> ResponseReturnValue:
    """List the open needs, searched and narrowed down."""
    filters, number, locale = _filters(), page_number(), str(get_locale())
    cards, total = board_queries.board(filters, clock.now(), locale, start=offset(number), size=PAGE_SIZE)
    districts, themes = board_queries.choices(locale)
    return render_template(
        "needs/listing.html",
        page=Page([_words(c) for c in cards], number, total),
        filters=filters,
        narrowed=filters != Filters(),
        districts=districts,
        themes=themes,
        weekdays=list(enumerate(WEEKDAYS)),
    )


def _filters() -> Filters:
    weekday = request.args.get("weekday", "")
    contact = request.args.get("contact", "")
    return Filters(
        text=request.args.get("q", "")[:100],
        district_id=request.args.get("district", "")[:22],
        weekday=weekday if weekday in tuple("0123456") else "",
        contact=contact if contact in ("children", "without") else "",
        theme=request.args.get("theme", "")[:40],
    )


def _words(card: Card) -> dict[str, Any]:
    when = words_for_span(card.starts_at, card.ends_at)
    if card.sessions > 1:
        more = ngettext("and %(num)s more date", "and %(num)s more dates", card.sessions - 1)
        when = f"{when} {more}"
    return {
        "title": card.title,
        "url": url_for("needs.show", need_id=card.id),
        "when": when,
        "where": _("From home") if card.contact == Contact.REMOTE else card.district,
        "needed": _needed(card.missing, card.free),
        "full": card.free == 0,
        "partner": card.partner,
        "tags": card.tags,
    }


def _needed(missing: int, free: int) -> str:
    if missing:
        return str(ngettext("%(num)s person still needed", "%(num)s people still needed", missing))
    if free:
        return str(ngettext("%(num)s more person is welcome", "%(num)s more people are welcome", free))
    return str(_("Everybody is found"))


def _public_need(need_id: str) -> Need:
    """Return a need whose page the reader may see: anybody a public one, its own people every one."""
    need = form_queries.whole(need_id)
    if not board_queries.is_public(need):
        form_queries.visible(current_actor(), need_id)
    return need


@bp.get("/needs/<need_id>")
@public
def show(need_id: str) -> ResponseReturnValue:
    """Show one need: facts without anything personal, to be shared."""
    need, actor, locale = _public_need(need_id), current_actor(), str(get_locale())
    ahead = feeds.ahead(need, clock.now())
    missing, free = feeds.gaps(ahead)
    plan = form_queries.plan_of(need)
    return render_template(
        "needs/show.html",
        need=need,
        is_public=board_queries.is_public(need),
        may_manage=partners.coordinates(actor) or partners.is_member(need.posted_by, actor.user_id),
        ahead=ahead,
        rhythm=labels.words_for_rhythm(plan) if plan and need.recurrence != "once" else "",
        needed=_needed(missing, free),
        full=free == 0,
        over=need.state != NeedState.PUBLISHED,
        children=summary.children(need.children_count, need.age_from, need.age_to),
        roles=[_role_words(role, locale) for role in need.roles],
        contacts=labels.CONTACTS,
        supervision=labels.SUPERVISION,
        similar=[_words(card) for card in _similar(need, locale)],
        may_apply=actor.has(Role.VOLUNTEER),
        join_url=_join_url(),
        sections=sections.public_sections(actor, need_id),
        share_url=current_app.config["SETTINGS"].base_url + url_for("needs.show", need_id=need_id),
    )


def _role_words(role: Any, locale: str) -> dict[str, Any]:
    def name(wish: Any) -> str:
        return str(wish.skill.name_en if locale == "en" else wish.skill.name_pl)

    return {
        "name": role.name,
        "heads": summary.heads(role.minimum, role.preferred),
        "required": sorted(name(s) for s in role.skills if s.required),
        "wanted": sorted(name(s) for s in role.skills if not s.required),
        "languages": [LANGUAGES.get(entry.language, entry.language) for entry in role.languages],
        "minimum_age": role.minimum_age,
    }


def _similar(need: Need, locale: str) -> list[Card]:
    themes = {s.skill.theme_code for role in need.roles for s in role.skills}
    theme = min(themes, default="")
    district = need.venue.district_id if need.venue else ""
    alike = Filters(theme=theme) if theme else Filters(district_id=district)
    return board_queries.board(alike, clock.now(), locale, size=_SIMILAR, but=need.id)[0]


@bp.get("/needs/<need_id>/calendar.ics")
@public
def calendar(need_id: str) -> ResponseReturnValue:
    """Give the coming dates as a calendar file."""
    need = _only_public(need_id)
    text = feeds.calendar(need, clock.now(), _address(need_id))
    response = Response(text, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="need-{need_id}.ics"'
    return response


@bp.get("/needs/<need_id>/event.jsonld")
@public
def event(need_id: str) -> ResponseReturnValue:
    """Give the coming dates as schema.org events."""
    facts = feeds.event(_only_public(need_id), clock.now(), _address(need_id))
    return Response(json.dumps(facts, ensure_ascii=False), mimetype="application/ld+json")


def _only_public(need_id: str) -> Need:
    need = form_queries.whole(need_id)
    if not board_queries.is_public(need):
        raise NotFoundError("need")
    return need


def _address(need_id: str) -> str:
    return str(current_app.config["SETTINGS"].base_url + url_for("needs.show", need_id=need_id))
