"""The Polish texts are complete and what the application reads is up to date."""

import re

import pytest
from babel.messages.mofile import read_mo

from tools import catalogue

PLACEHOLDER = re.compile(r"%\((\w+)\)")


@pytest.fixture(scope="module")
def polish():
    (path,) = catalogue.files()
    return catalogue.load(path)


@pytest.mark.slow
def test_every_text_of_the_sources_is_in_the_catalogue(polish):
    known = {(message.id, message.context) for message in polish}

    assert [m.id for m in catalogue.extract() if (m.id, m.context) not in known] == []


@pytest.mark.slow
def test_every_text_is_translated(polish):
    wanted = {message.id for message in catalogue.extract()}

    assert [m.id for m in polish if m.id in wanted and catalogue.is_missing(m)] == []


def test_counted_things_have_the_three_polish_forms(polish):
    counted = [message for message in polish if isinstance(message.id, tuple)]

    assert polish.num_plurals == 3
    assert [message.id for message in counted if len(message.string) != 3] == []


def test_translations_use_the_same_placeholders(polish):
    changed = []
    for message in polish:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        known = {name for text in ids for name in PLACEHOLDER.findall(text)}
        used = {name for text in texts for name in PLACEHOLDER.findall(text)}
        # "One person" may leave the number out, so a plural form need not use every placeholder.
        if message.id and (used - known or (len(ids) == 1 and texts[0] and used != known)):
            changed.append(message.id)

    assert changed == []


def test_the_compiled_catalogue_is_fresh(polish):
    (path,) = catalogue.files()
    with path.with_suffix(".mo").open("rb") as file:
        shipped = _texts(read_mo(file))

    assert shipped == _texts(polish)


def _texts(known) -> dict[str, list[str]]:
    """Return the finished translations by their first text, without the header."""
    return {
        m.id if isinstance(m.id, str) else m.id[0]: [m.string]
        if isinstance(m.string, str)
        else list(m.string)
        for m in known
        if m.id and not catalogue.is_missing(m)
    }
