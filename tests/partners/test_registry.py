"""Numbers of Polish registers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteer_match.partners.registry import RegistryKind, normalised


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (RegistryKind.NIP, "123-456-32-18", "1234563218"),
        (RegistryKind.NIP, "PL 1234563218", "1234563218"),
        (RegistryKind.REGON, "123456785", "123456785"),
        (RegistryKind.REGON, "12345678512347", "12345678512347"),
        (RegistryKind.KRS, "0000123456", "0000123456"),
        (RegistryKind.RSPO, "12 345", "12345"),
    ],
)
def test_a_right_number_is_kept_as_digits(kind, typed, kept):
    assert normalised(kind, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (RegistryKind.NIP, "1234563219"),
        (RegistryKind.NIP, "123456321"),
        (RegistryKind.NIP, "0000000000"),
        (RegistryKind.NIP, "123456321O"),
        (RegistryKind.NIP, "١٢٣٤٥٦٣٢١٨"),
        (RegistryKind.REGON, "123456786"),
        (RegistryKind.REGON, "12345678512348"),
        (RegistryKind.REGON, "000000000"),
        (RegistryKind.KRS, "123456"),
        (RegistryKind.KRS, "0000000000"),
        (RegistryKind.RSPO, "0"),
        (RegistryKind.RSPO, ""),
    ],
)
def test_a_wrong_number_is_refused(kind, typed):
    assert normalised(kind, typed) is None


@given(st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_never_passes_as_a_nip(place, shift):
    digits = [int(d) for d in "1234563218"]
    digits[place] = (digits[place] + shift) % 10

    assert normalised(RegistryKind.NIP, "".join(map(str, digits))) is None


@given(st.sampled_from(RegistryKind), st.text(max_size=30))
def test_whatever_is_typed_gives_digits_or_nothing(kind, typed):
    found = normalised(kind, typed)

    assert found is None or (found.isascii() and found.isdigit())
