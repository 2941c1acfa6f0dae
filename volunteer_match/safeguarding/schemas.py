"""What may be recorded about papers: kinds, dates, references. There is no field for what a paper says."""

from flask_babel import lazy_gettext as _l
from marshmallow import ValidationError

from volunteer_match.safeguarding.rules import ClearanceKind, ClearanceState
from volunteer_match.web.fields import Bool, Choice, Date, InputSchema, Int, Str
from volunteer_match.web.pesel import FreeText

OUTCOMES = (ClearanceState.MET, ClearanceState.RECEIVED, ClearanceState.NOT_MET)


def _plain_reference(text: str) -> None:
    if text and not all(c.isalnum() or c in " ./-_()" for c in text):
        raise ValidationError(
            [_l("Use letters, digits and / . - only.")]
        )  # a bare lazy text would be spelt out


class PaperSchema(InputSchema):
    """A paper that was brought or seen."""

    organiser_id = Str(max_length=22, required=True)
    kind = Choice(ClearanceKind, required=True)
    outcome = Choice(OUTCOMES, required=True)
    document_date = Date(allow_none=True, load_default=None)
    seen_on = Date(allow_none=True, load_default=None)
    valid_until = Date(allow_none=True, load_default=None)
    dossier_ref = FreeText(max_length=60, load_default="", validate=_plain_reference)


class ExemptionSchema(InputSchema):
    """Why the law does not ask for a paper."""

    organiser_id = Str(max_length=22, required=True)
    kind = Choice(ClearanceKind, required=True)
    reason = FreeText(max_length=300, required=True)
    valid_until = Date(allow_none=True, load_default=None)


class RevocationSchema(InputSchema):
    """Why a paper no longer counts."""

    reason = FreeText(max_length=300, required=True)
    version = Int(load_default=None, allow_none=True)


class AgreementSchema(InputSchema):
    """A volunteer agreement on paper."""

    organiser_id = Str(max_length=22, required=True)
    signed_on = Date(required=True)
    valid_from = Date(required=True)
    valid_until = Date(required=True)
    written = Bool()
    insurance_ref = FreeText(max_length=60, load_default="")
    dossier_ref = FreeText(max_length=60, load_default="", validate=_plain_reference)


class AgreementEndSchema(InputSchema):
    """The last day of an agreement that ends early."""

    ended_on = Date(required=True)


class ConsentSchema(InputSchema):
    """A guardian's consent on paper."""

    signed_on = Date(required=True)
    dossier_ref = FreeText(max_length=60, load_default="", validate=_plain_reference)


class AdmissionSchema(InputSchema):
    """For which organiser somebody is admitted first."""

    organiser_id = Str(max_length=22, allow_none=True, load_default=None)
    version = Int(load_default=None, allow_none=True)
