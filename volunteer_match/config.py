"""Typed, frozen settings, read once from the environment; the application refuses to start without them."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import get_type_hints

ROOT = Path(__file__).resolve().parent.parent


class ConfigurationError(Exception):
    """Settings are missing or wrong; the message lists every problem at once."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Everything an installation can set; each field is an environment variable in upper case."""

    secret_key: str
    """Signs cookies and forms: at least 32 characters."""
    encryption_key: str
    """Fernet key that seals second factors and unsent link secrets (`flask doctor --new-key` prints one)."""
    database_url: str
    """`sqlite:////path/club.db` or `postgresql+psycopg://user:password@host/name`."""
    base_url: str
    """Public address of the installation, as links in mails begin: `https://club.example`."""
    smtp_url: str = ""
    """`smtp://`, `smtp+starttls://` or `smtps://` with `user:password@host:port`; empty only with `demo`."""
    mail_from: str = ""
    """Sender address of every mail; required with `smtp_url`."""
    mail_reply_to: str = ""
    """Where answers to mails go; `mail_from` when empty."""
    maildir: str = ""
    """Folder the demo keeps its mails in when no SMTP server is set."""
    queue_url: str = ""
    """huey storage: empty = SQLite file beside the database; `postgresql://` or `redis://` else."""
    limiter_url: str = "memory://"
    """Flask-Limiter storage."""
    brand_name: str = "Gromada"
    brand_logo: str = "logo.svg"
    brand_url: str = ""
    contact_phone: str = ""
    """Shown on pages and in mails, for people who prefer to call."""
    contact_email: str = ""
    operator_name: str = ""
    """Who answers for the data, as the legal pages name it; `brand_name` when empty."""
    operator_address: str = ""
    data_officer_email: str = ""
    """The data protection officer, for the privacy notice."""
    site_published_on: str = ""
    """Day the site went public, YYYY-MM-DD, for the accessibility statement."""
    site_updated_on: str = ""
    statement_prepared_on: str = ""
    statement_reviewed_on: str = ""
    """Last yearly review of the accessibility statement, due by 31 March."""
    default_locale: str = "pl"
    time_zone: str = "Europe/Warsaw"
    country: str = "PL"
    """Whose public holidays recurring needs skip."""
    trusted_proxies: int = 0
    """How many reverse proxies stand in front and set X-Forwarded-*."""
    secure_cookies: bool = True
    demo: bool = False
    """Demo mode: built-in mail page, sign-in helpers; never with real data."""
    testing: bool = False
    log_level: str = "INFO"

    @classmethod
    def from_environment(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings from environment variables, or raise ConfigurationError naming every problem."""
        env = os.environ if env is None else env
        hints = get_type_hints(cls)
        problems: list[str] = []
        values: dict[str, object] = {}
        for field in fields(cls):
            raw = env.get(field.name.upper())
            if raw is None or raw == "":
                continue
            try:
                values[field.name] = _convert(raw, hints[field.name])
            except ValueError:
                problems.append(f"{field.name.upper()} has a wrong value: {raw!r}")
        problems += [f"{name.upper()} is not set" for name in _REQUIRED if name not in values]
        if problems:
            raise ConfigurationError(problems)
        settings = cls(**values)  # type: ignore[arg-type]
        settings.check()
        return settings

    def check(self) -> None:
        """Raise ConfigurationError when the settings do not fit together."""
        problems = []
        if len(self.secret_key) < 32:
            problems.append("SECRET_KEY is shorter than 32 characters")
        if not self.demo and not self.testing:
            if not self.smtp_url:
                problems.append("SMTP_URL is not set (only the demo works without a mail server)")
            if not self.base_url.startswith("https://") and self.secure_cookies:
                problems.append(
                    "BASE_URL must begin with https:// (or set SECURE_COOKIES=0 on a trusted network)"
                )
        if self.smtp_url and not self.mail_from:
            problems.append("MAIL_FROM is not set")
        if self.mail_from and not _ADDRESS.fullmatch(self.mail_from):
            problems.append("MAIL_FROM is not an address alone, like klub@club.example")
        if not self.smtp_url and not self.maildir and self.demo:
            problems.append("MAILDIR is not set")
        problems += [
            f"{name.upper()} is not a date like 2026-03-31" for name in _DATES if self._bad_date(name)
        ]
        if problems:
            raise ConfigurationError(problems)

    def _bad_date(self, name: str) -> bool:
        text = getattr(self, name)
        try:
            return bool(text) and date.fromisoformat(text).isoformat() != text
        except ValueError:
            return True


_DATES = ("site_published_on", "site_updated_on", "statement_prepared_on", "statement_reviewed_on")
# Its name in mails is BRAND_NAME.
_ADDRESS = re.compile(r"[^@\s<>,]+@[^@\s<>,]+")
_REQUIRED = ("secret_key", "encryption_key", "database_url", "base_url")
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def _convert(raw: str, kind: type) -> object:
    if kind is bool:
        if raw.lower() not in _TRUE | _FALSE:
            raise ValueError(raw)
        return raw.lower() in _TRUE
    return kind(raw)
