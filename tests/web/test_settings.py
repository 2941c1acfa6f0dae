"""An installation with settings that cannot work refuses to start and names every problem."""

import pytest

from volunteer_match.config import ConfigurationError, Settings

ENOUGH = {
    "SECRET_KEY": "s" * 40,
    "ENCRYPTION_KEY": "e" * 44,
    "DATABASE_URL": "sqlite:////srv/club.sqlite3",
    "BASE_URL": "https://club.example",
    "SMTP_URL": "smtps://mail.club.example",
    "MAIL_FROM": "klub@club.example",
}


def _problems(**changes):
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_environment({**ENOUGH, **changes})
    return " ".join(refused.value.problems)


def test_what_the_guide_asks_for_is_enough():
    assert Settings.from_environment(ENOUGH).mail_from == "klub@club.example"


@pytest.mark.parametrize("name", sorted(ENOUGH))
def test_what_is_missing_is_named(name):
    assert name in _problems(**{name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("BASE_URL", "http://club.example"),
        ("MAIL_FROM", "Gromada <klub@club.example>"),
        ("TRUSTED_PROXIES", "one"),
        ("DEMO", "perhaps"),
        ("STATEMENT_REVIEWED_ON", "31.03.2026"),
    ],
)
def test_what_cannot_be_right_is_named(name, value):
    assert name in _problems(**{name: value})


def test_all_problems_are_named_at_once():
    found = _problems(SECRET_KEY="", DATABASE_URL="")

    assert "SECRET_KEY" in found
    assert "DATABASE_URL" in found
