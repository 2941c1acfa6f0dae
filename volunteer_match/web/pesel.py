"""Keeps national identity numbers out: free texts that hold one are refused."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from volunteer_match.web.fields import Str

# Looked for at every digit: a longer row of numbers may hide one behind its first ones.
_ELEVEN = re.compile(r"(?<![0-9])(?=((?:[0-9][\s./_-]{0,3}){10}[0-9])(?![0-9]))")
_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)


def contains_pesel(text: str) -> bool:
    """Tell whether a text holds eleven digits that can be a PESEL: right check digit, possible birthday."""
    return any(_is_pesel(re.sub(r"[^0-9]", "", found)) for found in _ELEVEN.findall(text))


def _is_pesel(digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    month, day = int(digits[2:4]) % 20, int(digits[4:6])
    return (total + int(digits[10])) % 10 == 0 and 1 <= month <= 12 and 1 <= day <= 31


class FreeText(Str):
    """Text people write as they like, without a PESEL in it."""

    default_error_messages = {
        "pesel": _l("There seems to be a PESEL number in this text. We do not keep it: please delete it."),
    }

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        text: str | None = super()._deserialize(value, attr, data, **kwargs)
        if text and contains_pesel(text):
            raise self.make_error("pesel")
        return text


_LINK = re.compile(r"(?i)https?:|www\.|://|@|\.[a-z]{2,}/")


class Name(FreeText):
    """What somebody or something is called; mails to strangers carry it, so it is no place for links."""

    default_error_messages = {"link": _l("Write the name alone, without the address of a page or a mail.")}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        text: str | None = super()._deserialize(value, attr, data, **kwargs)
        if text and _LINK.search(text):
            raise self.make_error("link")
        return text
