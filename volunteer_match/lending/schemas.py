"""What people type about lending."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, post_load, validates_schema

from volunteer_match.needs.item_rules import MAX_QUANTITY, ItemKind
from volunteer_match.needs.schemas import ENDS_TOO_EARLY
from volunteer_match.web.fields import Choice, Date, InputSchema, Int, Rows, Str, Time
from volunteer_match.web.pesel import FreeText


class OfferSchema(InputSchema):
    """Something to lend, and when; no time given means any time."""

    partner_id = Str(max_length=22, required=True)
    kind = Choice(ItemKind, required=True)
    quantity = Int(least=1, most=MAX_QUANTITY, allow_none=True, load_default=1)
    description = FreeText(max_length=300, load_default="")
    venue_id = Str(max_length=22, load_default="")
    note = FreeText(max_length=300, load_default="")
    weekdays = Rows(Int(least=0, most=6), most=7)
    starts_local = Time(allow_none=True, load_default=None)
    ends_local = Time(allow_none=True, load_default=None)
    first_day = Date(allow_none=True, load_default=None)
    last_day = Date(allow_none=True, load_default=None)
    version = Int(allow_none=True, load_default=None)

    @validates_schema(skip_on_field_errors=True)
    def check_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse half a span and what runs backwards."""
        starts, ends = data["starts_local"], data["ends_local"]
        if (starts is None) != (ends is None):
            raise ValidationError(_l("Give both hours, or none."), "ends_local" if starts else "starts_local")
        if starts and ends and starts >= ends:
            raise ValidationError(ENDS_TOO_EARLY, "ends_local")
        if data["first_day"] and data["last_day"] and data["first_day"] > data["last_day"]:
            raise ValidationError(_l("The last day cannot be before the first."), "last_day")

    @post_load
    def complete(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Count one where nothing is said."""
        return data | {"quantity": data["quantity"] or 1, "weekdays": sorted(set(data["weekdays"]))}


class AnswerSchema(InputSchema):
    """A yes or a no, and maybe why."""

    answer = Choice(("accept", "decline"), required=True)
    reason = FreeText(max_length=300, load_default="")


class VersionSchema(InputSchema):
    """A decision about what was seen."""

    version = Int(required=True, least=1)
