"""Languages, local time and Polish sorting."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask import current_app, g, has_request_context, request, session
from flask_babel import Babel, force_locale, format_date, format_decimal, format_time, get_locale

from volunteer_match import clock
from volunteer_match.polish import fold, sort_key

LOCALES = ("pl", "en")
LOCALE_NAMES = {"pl": "Polski", "en": "English"}
babel = Babel()


def choose_locale() -> str:
    """Return the language of the request: chosen, then of the account, then of the browser, then Polish."""
    if not has_request_context():
        return str(current_app.config["BABEL_DEFAULT_LOCALE"])
    wanted = session.get("locale") or getattr(g, "account_locale", None)
    if wanted in LOCALES:
        return str(wanted)
    default = str(current_app.config["BABEL_DEFAULT_LOCALE"])
    return request.accept_languages.best_match(LOCALES, default) or default


def local_zone() -> ZoneInfo:
    """Return the club's time zone."""
    return ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"])


def country() -> str:
    """Return the code of the country whose public holidays count."""
    return str(current_app.config["SETTINGS"].country)


def to_local(moment: datetime) -> datetime:
    """Return the moment on the club's clock."""
    return moment.astimezone(local_zone())


def today() -> date:
    """Return the present day on the club's calendar."""
    return to_local(clock.now()).date()


def from_local(day: date, at: time) -> datetime:
    """Return the UTC moment of a local day and time; the first of two in the autumn hour."""
    return datetime.combine(day, at, tzinfo=local_zone()).astimezone(UTC)


def words_for_day(day: date) -> str:
    """Word a day as `sob. 28 listopada`."""
    return str(format_date(day, "EEE d MMMM"))


def words_for_weekday(day: date) -> str:
    """Word the weekday of a day in two or three letters, as `sob`."""
    return str(format_date(day, "EEEEEE"))


def words_for_hundredths(number: float) -> str:
    """Word a number with two places after the comma."""
    return str(format_decimal(number, "0.00"))


def words_for_moment(moment: datetime) -> str:
    """Word a moment on the club's clock as `sob. 28 listopada, 10:00`."""
    return f"{words_for_day(to_local(moment).date())}, {format_time(moment, 'HH:mm')}"


def words_for_span(starts: datetime, ends: datetime) -> str:
    """Word a span on the club's clock as `sob. 28 listopada, 10:00-12:00`."""
    same_day = to_local(starts).date() == to_local(ends).date()
    end = format_time(ends, "HH:mm") if same_day else words_for_moment(ends)
    return f"{words_for_moment(starts)}\u2013{end}"


__all__ = [
    "LOCALES", "LOCALE_NAMES", "babel", "choose_locale", "country", "fold", "force_locale", "from_local",
    "get_locale", "local_zone", "sort_key", "to_local", "today", "words_for_day", "words_for_hundredths",
    "words_for_moment", "words_for_span", "words_for_weekday",
]  # fmt: skip
