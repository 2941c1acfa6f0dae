"""What people type about a need. Drafts may be incomplete; what is missing to submit is the rules' to say."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, post_load, validates_schema

from volunteer_match.needs.item_rules import MAX_ITEMS, MAX_QUANTITY, ItemKind
from volunteer_match.needs.rules import MAX_HEADS, MAX_ROLES, Contact, Priority, Recurrence, Supervision
from volunteer_match.people.labels import LANGUAGES
from volunteer_match.web.fields import Bool, Choice, Date, InputSchema, Int, Rows, Str, Time
from volunteer_match.web.pesel import FreeText

ENDS_TOO_EARLY = _l("The end must be later than the beginning.")


class RoleSchema(InputSchema):
    """One kind of helper."""

    id = Str(max_length=22, load_default="")
    name = FreeText(max_length=80, load_default="")
    minimum = Int(least=0, most=MAX_HEADS, allow_none=True, load_default=1)
    preferred = Int(least=1, most=MAX_HEADS, allow_none=True, load_default=None)
    minimum_age = Int(least=13, most=99, allow_none=True, load_default=18)
    required_skills = Rows(Str(max_length=40), most=20)
    wanted_skills = Rows(Str(max_length=40), most=20)
    languages = Rows(Choice(LANGUAGES), most=8)

    @validates_schema(skip_on_field_errors=True)
    def check_heads(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse fewer people at best than at least."""
        if data["preferred"] is not None and (data["minimum"] or 0) > data["preferred"]:
            raise ValidationError(_l("This cannot be fewer than the least number."), "preferred")

    @post_load
    def complete(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Fill in the usual numbers; a skill that is required is not wanted as well."""
        data["minimum"] = 1 if data["minimum"] is None else data["minimum"]
        data["preferred"] = data["preferred"] or max(1, data["minimum"])
        data["minimum_age"] = data["minimum_age"] or 18
        data["wanted_skills"] = [s for s in data["wanted_skills"] if s not in data["required_skills"]]
        return data


class ItemSchema(InputSchema):
    """A room or a thing to borrow; a row without a kind is empty."""

    id = Str(max_length=22, load_default="")
    kind = Choice(ItemKind, load_default="")
    quantity = Int(least=1, most=MAX_QUANTITY, allow_none=True, load_default=None)
    needed = Bool()
    note = FreeText(max_length=200, load_default="")


class NeedSchema(InputSchema):
    """A need as the form and the import give it."""

    posted_by_id = Str(max_length=22, required=True)
    title = FreeText(max_length=120, load_default="")
    what = FreeText(max_length=2000, multiline=True, load_default="")
    why = FreeText(max_length=1000, multiline=True, load_default="")
    bring = FreeText(max_length=500, multiline=True, load_default="")
    organiser_id = Str(max_length=22, load_default="")
    venue_id = Str(max_length=22, load_default="")
    contact = Choice(Contact, load_default=Contact.CHILDREN.value)
    supervision = Choice(Supervision, load_default="")
    children_count = Int(least=0, most=2000, allow_none=True, load_default=None)
    age_from = Int(least=0, most=99, allow_none=True, load_default=None)
    age_to = Int(least=0, most=99, allow_none=True, load_default=None)
    staff_adults = Int(least=0, most=50, allow_none=True, load_default=0)
    driving = Bool()
    roles = Rows(fields.Nested(RoleSchema), most=MAX_ROLES)
    items = Rows(fields.Nested(ItemSchema), most=MAX_ITEMS)
    recurrence = Choice(Recurrence, load_default=Recurrence.ONCE.value)
    first_day = Date(allow_none=True, load_default=None)
    last_day = Date(allow_none=True, load_default=None)
    starts_local = Time(allow_none=True, load_default=None)
    ends_local = Time(allow_none=True, load_default=None)
    weekdays = Rows(Int(least=0, most=6), most=7)
    skip_holidays = Bool()
    skip_breaks = Bool()
    version = Int(allow_none=True, load_default=None)

    @validates_schema(skip_on_field_errors=True)
    def check_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse what runs backwards."""
        if _backwards(data["age_from"], data["age_to"]):
            raise ValidationError(_l("The oldest age cannot be below the youngest."), "age_to")
        if data["recurrence"] != Recurrence.ONCE and _backwards(data["first_day"], data["last_day"]):
            raise ValidationError(_l("The last day cannot be before the first."), "last_day")
        starts, ends = data["starts_local"], data["ends_local"]
        if starts and ends and starts >= ends:
            raise ValidationError(ENDS_TOO_EARLY, "ends_local")

    @post_load
    def tidy(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Drop the answers that the other answers make meaningless."""
        if data["contact"] != Contact.CHILDREN:
            data |= {"supervision": "", "children_count": None, "age_from": None, "age_to": None}
        if data["contact"] == Contact.REMOTE:
            data["venue_id"] = ""
        if data["recurrence"] == Recurrence.ONCE:
            data["last_day"] = data["first_day"]
        if data["recurrence"] in (Recurrence.ONCE, Recurrence.MONTHLY):
            data["weekdays"] = []
        data["staff_adults"] = data["staff_adults"] or 0
        data["items"] = [row | {"quantity": row["quantity"] or 1} for row in data["items"] if row["kind"]]
        data["weekdays"] = sorted(set(data["weekdays"]))
        return data


def _backwards(low: Any, high: Any) -> bool:
    return low is not None and high is not None and low > high


class TextsSchema(InputSchema):
    """The texts of a published need, which may change while people are already coming."""

    title = FreeText(max_length=120, required=True)
    what = FreeText(max_length=2000, multiline=True, required=True)
    why = FreeText(max_length=1000, multiline=True, load_default="")
    bring = FreeText(max_length=500, multiline=True, load_default="")
    version = Int(required=True)


class StepSchema(InputSchema):
    """A step of a need with its reason."""

    reason = FreeText(max_length=500, multiline=True, load_default="")
    version = Int(allow_none=True, load_default=None)


class PrioritySchema(InputSchema):
    """How much a need presses."""

    priority = Choice([int(each) for each in Priority], required=True)
    version = Int(allow_none=True, load_default=None)


class SessionSchema(InputSchema):
    """One more session of a published need."""

    day = Date(required=True)
    starts_local = Time(required=True)
    ends_local = Time(required=True)

    @validates_schema(skip_on_field_errors=True)
    def check_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse an end before the beginning."""
        if data["starts_local"] >= data["ends_local"]:
            raise ValidationError(ENDS_TOO_EARLY, "ends_local")


class BreakSchema(InputSchema):
    """A school break."""

    name = FreeText(max_length=80, required=True)
    first_day = Date(required=True)
    last_day = Date(required=True)

    @validates_schema(skip_on_field_errors=True)
    def check_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse an end before the beginning."""
        if data["first_day"] > data["last_day"]:
            raise ValidationError(_l("The last day cannot be before the first."), "last_day")
