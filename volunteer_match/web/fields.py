"""Strict marshmallow fields of every input schema: bounded, clean, worded in both languages."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, missing, validate

_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_LINE_BREAKS = ("\n", "\r", "\t")
REQUIRED = _l("Fill in this field.")


class InputSchema(Schema):
    """Base of every input schema: unknown names are errors, order is kept."""

    class Meta:
        """Refuse what the schema does not name, so nothing can be set from outside by its column name."""

        ordered = True

    error_messages = {"unknown": _l("This field is not known."), "type": _l("This cannot be read.")}


class Str(fields.String):
    """Trimmed text of bounded length without control, surrogate or direction-changing characters."""

    default_error_messages = {
        "required": REQUIRED,
        "null": REQUIRED,
        "blank": REQUIRED,
        "invalid": _l("Enter text."),
        "characters": _l("The text contains characters that cannot be stored."),
    }

    def __init__(self, *, max_length: int = 200, multiline: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.max_length, self.multiline = max_length, multiline

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
        if any(self._forbidden(c) for c in text) or _BIDI.search(text):
            raise self.make_error("characters")
        if len(text) > self.max_length:
            raise ValidationError(_l("Use at most %(limit)d characters.", limit=self.max_length))
        if not text:
            if self.required:
                raise self.make_error("blank")
            return None if self.allow_none else ""
        return text

    def _forbidden(self, char: str) -> bool:
        if self.multiline and char in _LINE_BREAKS:
            return False
        return unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn")


class Int(fields.Integer):
    """A whole number inside a range; `1.9`, `1e3` and huge numbers are refused."""

    default_error_messages = {
        "required": REQUIRED,
        "null": REQUIRED,
        "invalid": _l("Enter a whole number."),
    }

    def __init__(self, *, least: int = 0, most: int = 1_000_000, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)
        self.least, self.most = least, most

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if isinstance(value, str):
            value = value.strip()
            if value == "":
                return _empty(self)
            if not re.fullmatch(r"[+-]?[0-9]{1,9}", value):
                raise self.make_error("invalid")
        elif isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid")
        number = int(value)
        if not self.least <= number <= self.most:
            raise ValidationError(
                _l("Enter a number from %(least)d to %(most)d.", least=self.least, most=self.most)
            )
        return number


class Decimal(fields.Float):
    """A number with a comma or a point, inside a range; `nan`, `1e9` and the like are refused."""

    default_error_messages = {
        "required": REQUIRED,
        "null": REQUIRED,
        "invalid": _l("Enter a number, for example 50,57."),
    }

    def __init__(self, *, least: float, most: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most = least, most

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        text = value.strip().replace(",", ".") if isinstance(value, str) else str(value)
        if text == "":
            return _empty(self)
        if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,15})?", text):
            raise self.make_error("invalid")
        if not self.least <= float(text) <= self.most:
            raise ValidationError(
                _l("Enter a number from %(least)s to %(most)s.", least=self.least, most=self.most)
            )
        return float(text)


class Bool(fields.Boolean):
    """A checkbox: absent means no."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("load_default", False)
        super().__init__(**kwargs)

    default_error_messages = {"invalid": _l("Answer yes or no.")}
    truthy = {"1", "true", "on", "yes", "tak", "t", "y", True}
    falsy = {"0", "false", "off", "no", "nie", "n", "", False}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        value = value.strip().lower() if isinstance(value, str) else value
        return super()._deserialize(value, attr, data, **kwargs)


class Date(fields.Date):
    """A day as YYYY-MM-DD (the browser's form) or DD.MM.YYYY (as people write), between 1900 and 2100."""

    default_error_messages = {
        "required": REQUIRED,
        "null": REQUIRED,
        "invalid": _l("Enter a date, for example 28.11.2026."),
    }

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        text = value.strip() if isinstance(value, str) else ""
        if isinstance(value, str) and not text:
            return _empty(self)
        polish = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
        parts = (int(polish[3]), int(polish[2]), int(polish[1])) if polish else _iso_parts(text)
        try:
            day = date(*parts) if parts else None
        except ValueError:
            day = None
        if day is None or not 1900 <= day.year <= 2100:
            raise self.make_error("invalid")
        return day


def _iso_parts(text: str) -> tuple[int, int, int] | None:
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


class Time(fields.Time):
    """A time of day as H:MM in steps of `step` minutes."""

    default_error_messages = {
        "required": REQUIRED,
        "null": REQUIRED,
        "invalid": _l("Enter a time, for example 16:30."),
        "step": _l("Use full quarters of an hour: 16:00, 16:15, 16:30, 16:45."),
    }

    def __init__(self, *, step: int = 15, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.step = step

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        text = value.strip() if isinstance(value, str) else ""
        if isinstance(value, str) and not text:
            return _empty(self)
        match = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?::00)?", text)
        if not match or int(match[1]) > 23 or int(match[2]) > 59:
            raise self.make_error("invalid")
        if int(match[2]) % self.step:
            raise self.make_error("step")
        return time(int(match[1]), int(match[2]))


class Choice(Str):
    """One of a fixed set of codes; a blank answer is the usual one, and a mistake where there is none."""

    default_error_messages = {"choice": _l("Choose one of the answers.")}

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)
        self.choices = frozenset(str(c) for c in choices)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not text:
            return self._usual()
        if text not in self.choices:
            raise self.make_error("choice")
        return text

    def _usual(self) -> Any:
        if self.load_default is missing:
            raise self.make_error("choice")
        return self.load_default() if callable(self.load_default) else self.load_default


class Email(Str):
    """A deliverable-looking address, domain in lower case."""

    default_error_messages = {"email": _l("Enter an email address like name@example.org.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        from email_validator import EmailNotValidError, validate_email  # 0.1 s to import: only when used

        text = super()._deserialize(value, attr, data, **kwargs)
        if not text:
            return text
        try:
            found = validate_email(
                text, check_deliverability=False, test_environment=True, allow_smtputf8=False
            )
        except EmailNotValidError as error:
            raise self.make_error("email") from error
        return found.normalized.lower()


class Phone(Str):
    """A telephone number, kept as `+48 123 456 789`."""

    default_error_messages = {"phone": _l("Enter a telephone number, for example 123 456 789.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not text:
            return text
        digits = re.sub(r"[\s()./-]", "", text)
        if not re.fullmatch(r"(\+|00)?\d{7,15}", digits):
            raise self.make_error("phone")
        digits = "+" + digits[2:] if digits.startswith("00") else digits
        digits = digits if digits.startswith("+") else "+48" + digits
        return _grouped(digits)


def _grouped(number: str) -> str:
    if number.startswith("+48") and len(number) == 12:
        return f"+48 {number[3:6]} {number[6:9]} {number[9:]}"
    return number


class Rows(fields.List[Any]):
    """Several values or rows, at most `most`."""

    default_error_messages = {"invalid": _l("This cannot be read."), "required": REQUIRED}

    def __init__(self, inner: Any, *, most: int = 100, least: int = 0, **kwargs: Any) -> None:
        kwargs.setdefault("load_default", list)
        if kwargs.get("required"):
            kwargs.pop("load_default")
        limits = validate.Length(
            min=least, max=most, error=_l("Give between %(least)d and %(most)d.", least=least, most=most)
        )
        super().__init__(inner, validate=limits, **kwargs)
        self.limits, self.most = limits, most

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > self.most:
            self.limits(value)  # before a hundred thousand of them are looked at one by one
        return super()._deserialize(value, *args, **kwargs)


def _empty(field: fields.Field[Any]) -> Any:
    """Return None for an answer left out, or refuse it."""
    if field.required or not field.allow_none:
        raise field.make_error("required" if "required" in field.error_messages else "null")
    return None


__all__ = ["Bool", "Choice", "Date", "Decimal", "Email", "InputSchema", "Int", "Phone", "Rows", "Str", "Time"]
