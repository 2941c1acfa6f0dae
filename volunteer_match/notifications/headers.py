"""Keeps what people typed from becoming a header of its own, and proves it on the finished mail."""

import re
import unicodedata
from email.message import EmailMessage
from email.utils import getaddresses

LIMIT = 200
_ENDINGS = re.compile(rb"\r?\n")


class UnsafeMailError(Exception):
    """The finished mail has a header or an address that it must not have."""


def header_text(text: str) -> str:
    """Return the text as one clean line that no mail program decodes into something else."""
    line = "".join(_clean(char) for char in text)
    # Python before 3.11.10 re-decodes encoded words and lets the line breaks inside them out (CVE-2024-6923).
    line = line.replace("=?", "= ?")
    return " ".join(line.split())[:LIMIT].strip()


def _clean(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cs", "Co", "Cn", "Cf"):
        return ""
    return " " if category in ("Cc", "Zl", "Zp", "Zs") else char


def names(data: bytes) -> list[str]:
    """Return the names of the header lines of a serialised mail, in their order."""
    head = data.split(b"\r\n\r\n", 1)[0]
    lines = [line for line in _ENDINGS.split(head) if line and line[:1] not in b" \t"]
    return [line.split(b":", 1)[0].decode("ascii", "replace").lower() for line in lines]


def check(message: EmailMessage, data: bytes, expected: list[str], addresses: set[str]) -> None:
    """Raise UnsafeMailError unless the bytes have exactly these headers and no address but these."""
    found = names(data)
    if found != [name.lower() for name in expected]:
        raise UnsafeMailError(f"headers are {found}")
    for name in ("From", "To", "Reply-To"):
        written = [address for _name, address in getaddresses([str(message[name] or "")])]
        if len(written) != 1 or written[0] not in addresses:
            raise UnsafeMailError(f"{name} does not hold exactly one known address")
    if b"\n" in data.replace(b"\r\n", b"") or b"\r" in data.replace(b"\r\n", b""):
        raise UnsafeMailError("bare line ending")
