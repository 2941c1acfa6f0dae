"""What a coordinator chooses before an import, and lines that tell more than one form does."""

from volunteer_match.imports.labels import ImportKind
from volunteer_match.partners.schemas import OrganisationSchema
from volunteer_match.web.fields import Bool, Choice, Date, Email, InputSchema, Phone, Str


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
    contact_name = Str(max_length=120, load_default="")
    contact_email = Email(allow_none=True, load_default=None)
    contact_phone = Phone(load_default="")
    verified = Bool()
