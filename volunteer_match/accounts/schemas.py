"""What people type about their accounts."""

from flask_babel import lazy_gettext as _l
from marshmallow import fields

from volunteer_match.accounts.rules import LONGEST_PASSWORD
from volunteer_match.actor import STAFF
from volunteer_match.i18n import LOCALES
from volunteer_match.web.fields import REQUIRED, Choice, Email, InputSchema, Phone, Str
from volunteer_match.web.pesel import Name


class Secret(fields.String):
    """A password exactly as typed: never trimmed, never shortened."""

    default_error_messages = {"required": REQUIRED, "blank": REQUIRED, "invalid": _l("Enter text.")}

    def _deserialize(self, value: object, *args: object, **kwargs: object) -> str:
        if not isinstance(value, str) or "\x00" in value:
            raise self.make_error("invalid")
        if not value:
            raise self.make_error("blank")
        # A little more than may be chosen, so that the limit is explained instead of cutting.
        return value[: LONGEST_PASSWORD + 1]


class AddressSchema(InputSchema):
    """The address somebody wants to sign in with."""

    email = Email(required=True)
    next = Str(max_length=2000, load_default="")


class CodeSchema(InputSchema):
    """A code from a mail, an app or the list of recovery codes."""

    code = Str(required=True, max_length=40)
    next = Str(max_length=2000, load_default="")


class PasswordSchema(InputSchema):
    """Address and password of staff."""

    email = Email(required=True)
    password = Secret(required=True)
    next = Str(max_length=2000, load_default="")


class NewPasswordSchema(InputSchema):
    """A password chosen for the first time or again."""

    password = Secret(required=True)


class ChangePasswordSchema(NewPasswordSchema):
    """A new password, with the present one."""

    present = Secret(required=True)


class OwnDataSchema(InputSchema):
    """What people may change of their own account."""

    name = Name(required=True, max_length=120)
    phone = Phone(load_default="")
    locale = Choice(LOCALES, required=True)


class NewAddressSchema(InputSchema):
    """The address an account is to have."""

    email = Email(required=True)


class InvitationSchema(InputSchema):
    """Who is invited to the staff."""

    name = Name(required=True, max_length=120)
    email = Email(required=True)
    role = Choice(STAFF, required=True)
    locale = Choice(LOCALES, load_default="pl")


class RoleSchema(InputSchema):
    """A role of the staff to give or to take."""

    role = Choice(STAFF, required=True)
