"""Every kind of mail can be written."""

import pytest

from volunteer_match.config import ROOT
from volunteer_match.notifications.message import KINDS

FOLDER = ROOT / "templates" / "email"
PARTS = {"subject.txt", "body.txt", "body.html"}


@pytest.fixture(autouse=True)
def _known_kinds(routed):
    """Importing the application registers the kinds."""


def _folders() -> set[str]:
    return {path.name for path in FOLDER.iterdir() if path.is_dir() and not path.name.startswith("_")}


def test_every_kind_has_its_three_templates():
    lacking = {f"{kind}/{part}" for kind in KINDS for part in PARTS if not (FOLDER / kind / part).is_file()}

    assert lacking == set()


def test_no_templates_are_left_without_a_kind():
    assert _folders() - set(KINDS) == set()


def test_the_club_can_write_at_all():
    assert KINDS
