"""What people type about organisations, their people and their places."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, post_load, validates_schema

from volunteer_match.partners.registry import RegistryKind, normalised
from volunteer_match.partners.rules import PartnerEvent, PartnerKind
from volunteer_match.web.fields import Bool, Choice, Date, Decimal, Email, InputSchema, Int, Phone, Str
from volunteer_match.web.pesel import FreeText, Name

DECISIONS = (
    PartnerEvent.VERIFY,
    PartnerEvent.RETURN,
    PartnerEvent.REJECT,
    PartnerEvent.SUSPEND,
    PartnerEvent.REINSTATE,
)
WRONG_NUMBER = _l("This number is not right. Check the digits.")


class OrganisationSchema(InputSchema):
    """An institution."""

    name = Name(max_length=160, required=True)
    kind = Choice(PartnerKind, required=True)
    registry_kind = Choice(RegistryKind, load_default="")
    registry_number = Str(max_length=40, load_default="")
    about = FreeText(max_length=1000, multiline=True, load_default="")
    address = FreeText(max_length=200, load_default="")
    phone = Phone(load_default="")

    @validates_schema(skip_on_field_errors=True)
    def check_number(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse a number that its register cannot have given out."""
        kind, number = data["registry_kind"], data["registry_number"]
        if bool(kind) != bool(number):
            lacking = "registry_number" if kind else "registry_kind"
            raise ValidationError(_l("Give the register and the number together."), lacking)
        if number and normalised(RegistryKind(kind), number) is None:
            raise ValidationError(WRONG_NUMBER, "registry_number")

    @post_load
    def bare_number(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Keep the digits of the number alone."""
        if data["registry_number"]:
            data["registry_number"] = normalised(RegistryKind(data["registry_kind"]), data["registry_number"])
        return data


class RegistrationSchema(OrganisationSchema):
    """An institution that registers itself, with the person who does it."""

    registry_kind = Choice(RegistryKind, required=True)
    registry_number = Str(max_length=40, required=True)
    address = FreeText(max_length=200, required=True)
    district_id = Str(max_length=22, required=True)
    step_free = Bool()
    contact_name = Name(max_length=120, required=True)
    contact_email = Email(required=True)
    contact_phone = Phone(required=True)


class EditSchema(OrganisationSchema):
    """Changed details of an institution."""

    version = Int(required=True)


class DecisionSchema(InputSchema):
    """What a coordinator decides about a registration."""

    event = Choice(DECISIONS, required=True)
    reason = FreeText(max_length=500, multiline=True, load_default="")
    version = Int(required=True)


class StandingSchema(InputSchema):
    """Whether an institution organises activities with children, and its protection standards."""

    organiser = Bool()
    standards_adopted_on = Date(allow_none=True, load_default=None)
    standards_reviewed_on = Date(allow_none=True, load_default=None)
    version = Int(required=True)


class InvitationSchema(InputSchema):
    """A colleague to be invited."""

    name = Name(max_length=120, required=True)
    email = Email(required=True)


class ContactSchema(InputSchema):
    """Who is to confirm a registration, and where the link goes."""

    contact_name = Name(max_length=120, required=True)
    contact_email = Email(required=True)


class AcceptanceSchema(InputSchema):
    """How the invited person wants to be called and reached."""

    name = Name(max_length=120, required=True)
    phone = Phone(load_default="")


class VenueSchema(InputSchema):
    """A place of an institution; its point on the map is the coordinators' to confirm."""

    name = FreeText(max_length=160, required=True)
    address = FreeText(max_length=200, required=True)
    district_id = Str(max_length=22, required=True)
    step_free = Bool()
    directions = FreeText(max_length=500, multiline=True, load_default="")
    latitude = Decimal(least=-90, most=90, allow_none=True, load_default=None)
    longitude = Decimal(least=-180, most=180, allow_none=True, load_default=None)
    version = Int(allow_none=True, load_default=None)
