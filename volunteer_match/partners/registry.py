"""Numbers of Polish registers: which are well formed, and their check digits."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum


class RegistryKind(StrEnum):
    """Registers that an institution can be looked up in."""

    KRS = "krs"
    NIP = "nip"
    REGON = "regon"
    RSPO = "rspo"


_NIP = (6, 5, 7, 2, 3, 4, 5, 6, 7)
_REGON = (8, 9, 2, 3, 4, 5, 6, 7)
_LONG_REGON = (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11


def _is_nip(digits: str) -> bool:
    return len(digits) == 10 and len(set(digits)) > 1 and _weighted(digits, _NIP) == int(digits[9])


def _is_regon(digits: str) -> bool:
    if len(digits) == 14:
        return _is_regon(digits[:9]) and _weighted(digits, _LONG_REGON) % 10 == int(digits[13])
    return len(digits) == 9 and len(set(digits)) > 1 and _weighted(digits, _REGON) % 10 == int(digits[8])


def _is_krs(digits: str) -> bool:
    return len(digits) == 10 and int(digits) > 0


def _is_rspo(digits: str) -> bool:
    return 1 <= len(digits) <= 9 and int(digits) > 0


# KRS and RSPO are plain serial numbers: the law gave them no check digit.
_CHECKS: Mapping[RegistryKind, Callable[[str], bool]] = {
    RegistryKind.KRS: _is_krs,
    RegistryKind.NIP: _is_nip,
    RegistryKind.REGON: _is_regon,
    RegistryKind.RSPO: _is_rspo,
}


def normalised(kind: RegistryKind, number: str) -> str | None:
    """Return the number as bare digits, or None when it cannot be one of that register."""
    digits = re.sub(r"[\s.-]", "", number)
    if kind == RegistryKind.NIP:
        digits = digits.removeprefix("PL")
    if not (digits.isascii() and digits.isdigit()) or not _CHECKS[kind](digits):
        return None
    return digits
