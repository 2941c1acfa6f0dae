"""What a coordinator chooses before an import, and lines that tell more than one form does."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError, fields, validates_schema

from volunteer_match.imports.labels import ImportKind
from volunteer_match.needs.schemas import NeedSchema
from volunteer_match.partners.schemas import OrganisationSchema
from volunteer_match.people.schemas import HourSchema, PhoneEntrySchema
from volunteer_match.web.fields import Bool, Choice, Date, Email, InputSchema, Phone, Rows, Str
from volunteer_match.web.pesel import Name


class UploadSchema(InputSchema):
    """What an uploaded file lists; the file itself comes beside the form."""

    kind = Choice(ImportKind, required=True)


class PartnerRowSchema(OrganisationSchema):
    """An institution as a coordinator lists it: place, standing and contact person in one line."""

    district_id = Str(max_length=22, load_default="")
    step_free = Bool()
    organiser = Bool()
    standards_adopted_on = Date(allow_none=True, load_default=None)
    standards_reviewed_on = Date(allow_none=True, load_default=None)
    contact_name = Name(max_length=120, load_default="")
    contact_email = Email(allow_none=True, load_default=None)
    contact_phone = Phone(load_default="")
    verified = Bool()

    @validates_schema(skip_on_field_errors=True)
    def _named(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if (data["contact_email"] or data["contact_phone"]) and not data["contact_name"]:
            raise ValidationError(_l("Say whose address or telephone this is."), "contact_name")


class VolunteerRowSchema(PhoneEntrySchema):
    """A volunteer as a coordinator lists people: an address or a telephone number, and exact hours."""

    phone = Phone(load_default="")
    hours = Rows(fields.Nested(HourSchema), most=40)

    @validates_schema
    def _reachable(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if not data.get("email") and not data.get("phone"):
            raise ValidationError(_l("Give a telephone number or an email address."), "phone")


class NeedRowSchema(NeedSchema):
    """A need as a coordinator lists it, maybe to be published at once."""

    publish = Bool()
