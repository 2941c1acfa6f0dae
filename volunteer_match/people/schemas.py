"""What forms about volunteers may contain; imports of lists use the same schemas."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, post_load, validates_schema

from volunteer_match.actor import Channel
from volunteer_match.i18n import LOCALES
from volunteer_match.people import labels
from volunteer_match.people.rules import (
    GRID_CELLS,
    MAX_HOURS_PER_WEEK,
    MAX_SESSIONS_PER_WEEK,
    MINUTES_OF_DAY,
    VolunteerEvent,
)
from volunteer_match.web.fields import (
    REQUIRED,
    Bool,
    Choice,
    Date,
    Decimal,
    Email,
    InputSchema,
    Int,
    Phone,
    Rows,
    Str,
    Time,
)
from volunteer_match.web.pesel import FreeText, Name

ON_BEHALF = (Channel.PHONE, Channel.PAPER, Channel.WEB)


class EditSchema(InputSchema):
    """A change of something that somebody else may have changed meanwhile, maybe on behalf of the person."""

    version = Int(load_default=None, allow_none=True)
    channel = Choice(ON_BEHALF, load_default=Channel.WEB)


class JoinSchema(InputSchema):
    """The first page of the sign-up."""

    name = Name(max_length=120, required=True)
    email = Email(required=True)


class SkillsSchema(EditSchema):
    """Skills from the list, and what is not on it."""

    skills = Rows(Str(max_length=40))
    suggestion = FreeText(max_length=300, load_default="")


class LevelSchema(InputSchema):
    """How well somebody can do one thing."""

    code = Str(max_length=40, required=True)
    level = Choice(labels.LEVELS, required=True)


class LevelsSchema(EditSchema):
    """How well somebody can do each chosen thing."""

    levels = Rows(fields.Nested(LevelSchema))


class WeekSchema(EditSchema):
    """The weekly grid."""

    cells = Rows(Choice(GRID_CELLS))
    any_time = Bool()


class HourSchema(InputSchema):
    """One stretch of a weekday; without times it is none."""

    weekday = Choice(range(7), required=True)
    starts = Time(allow_none=True, load_default=None)
    ends = Time(allow_none=True, load_default=None)

    @post_load
    def _minutes(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any] | None:
        if data["starts"] is None and data["ends"] is None:
            return None
        for name in ("starts", "ends"):
            if data[name] is None:
                raise ValidationError(REQUIRED, name)
        starts, ends = _minute(data["starts"]), _minute(data["ends"]) or MINUTES_OF_DAY
        if ends <= starts:
            raise ValidationError(labels.RULES["hours_end_before_start"], "ends")
        return {"weekday": int(data["weekday"]), "starts": starts, "ends": ends}


def _minute(time: Any) -> int:
    return int(time.hour * 60 + time.minute)


class HoursSchema(EditSchema):
    """Exact hours of the usual week; rows without times are left out."""

    hours = Rows(fields.Nested(HourSchema), most=40)

    @post_load
    def _drop_empty(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        # Not before: the complaints are shown beside rows by their number.
        return {**data, "hours": [row for row in data["hours"] if row is not None]}


class AwaySchema(EditSchema):
    """Days that differ from the usual week."""

    kind = Choice(("away", "free"), load_default="away")
    first_day = Date(required=True)
    last_day = Date(allow_none=True, load_default=None)
    starts = Time(allow_none=True, load_default=None)
    ends = Time(allow_none=True, load_default=None)
    note = FreeText(max_length=120, load_default="")

    @post_load
    def _minutes(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        for name in ("starts", "ends"):
            data[name] = None if data[name] is None else _minute(data[name])
        return data


class AboutSchema(EditSchema):
    """Languages, place and wishes; everything is optional."""

    phone = Phone(load_default="")
    languages = Rows(Choice(labels.LANGUAGES))
    district_id = Str(max_length=22, allow_none=True, load_default=None)
    radius_km = Int(least=1, most=200, allow_none=True, load_default=None)
    driving_licence = Bool()
    step_free = Bool()
    remote_only = Bool()
    about = FreeText(max_length=1000, multiline=True, load_default="")


class LimitsSchema(EditSchema):
    """Age, what decides about papers, and how much is not too much."""

    birth_date = Date(required=True)
    foreign_citizen = Choice(("yes", "no"), required=True)
    lived_abroad = Choice(("yes", "no"), required=True)
    max_hours = Int(least=1, most=40, load_default=MAX_HOURS_PER_WEEK)
    max_sessions = Int(least=1, most=14, load_default=MAX_SESSIONS_PER_WEEK)
    standby = Bool()

    @post_load
    def _yes_no(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        for name in ("foreign_citizen", "lived_abroad"):
            data[name] = data[name] == "yes"
        return data


class PersonSchema(EditSchema):
    """Name and contact, as a coordinator may change them."""

    name = Name(max_length=120, required=True)
    email = Email(allow_none=True, load_default=None)
    phone = Phone(load_default="")
    locale = Choice(LOCALES, load_default="pl")

    @validates_schema
    def _reachable(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not data.get("email") and not data.get("phone"):
            raise ValidationError(_l("Give a telephone number or an email address."), "phone")


class PhoneEntrySchema(InputSchema):
    """Somebody who called: name and telephone, the rest when it was asked."""

    name = Name(max_length=120, required=True)
    phone = Phone(required=True)
    email = Email(allow_none=True, load_default=None)
    locale = Choice(LOCALES, load_default="pl")
    channel = Choice(ON_BEHALF, load_default=Channel.PHONE)
    notice_read = Bool()
    skills = Rows(Str(max_length=40))
    suggestion = FreeText(max_length=300, load_default="")
    cells = Rows(Choice(GRID_CELLS))
    any_time = Bool()
    languages = Rows(Choice(labels.LANGUAGES))
    district_id = Str(max_length=22, allow_none=True, load_default=None)
    radius_km = Int(least=1, most=200, allow_none=True, load_default=None)
    driving_licence = Bool()
    step_free = Bool()
    remote_only = Bool()
    about = FreeText(max_length=1000, multiline=True, load_default="")
    birth_date = Date(allow_none=True, load_default=None)
    foreign_citizen = Bool()
    lived_abroad = Bool()
    max_hours = Int(least=1, most=40, load_default=MAX_HOURS_PER_WEEK)
    max_sessions = Int(least=1, most=14, load_default=MAX_SESSIONS_PER_WEEK)
    standby = Bool()

    @validates_schema
    def _told(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not data.get("notice_read"):
            raise ValidationError(_l("Read the information about data aloud first."), "notice_read")


class PauseSchema(EditSchema):
    """A break, with or without an end."""

    first_day = Date(allow_none=True, load_default=None)
    last_day = Date(allow_none=True, load_default=None)


class MoveSchema(EditSchema):
    """One act on an application, with a reason where one is due."""

    event = Choice(VolunteerEvent, required=True)
    reason = FreeText(max_length=500, multiline=True, load_default="")


class NothingSchema(EditSchema):
    """A button alone."""


class OnBehalfSchema(InputSchema):
    """How somebody told what is done for them."""

    channel = Choice(ON_BEHALF, load_default=Channel.PHONE)


class SkillSchema(InputSchema):
    """A skill of the list."""

    theme_code = Str(max_length=40, required=True)
    name_pl = Str(max_length=80, required=True)
    name_en = Str(max_length=80, required=True)
    synonyms = Str(max_length=400, load_default="")
    qualification = Bool()
    retired = Bool()


class ThemeSchema(InputSchema):
    """A theme of the list."""

    name_pl = Str(max_length=80, required=True)
    name_en = Str(max_length=80, required=True)
    position = Int(least=0, most=999, load_default=0)


class DistrictSchema(InputSchema):
    """A district and its point."""

    name = Str(max_length=80, required=True)
    latitude = Decimal(least=-90, most=90, required=True)
    longitude = Decimal(least=-180, most=180, required=True)


class ProofSchema(InputSchema):
    """Whether the proof of a qualification was seen, or counts no longer."""

    seen = Bool()


class SuggestionSchema(InputSchema):
    """Which skills a free text means."""

    skills = Rows(Str(max_length=40))
    decision = Choice(("turn", "aside"), load_default="turn")
