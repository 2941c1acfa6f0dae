"""`flask doctor` finds what is broken and says what to mend."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace

import pytest
from cryptography.fernet import Fernet

from tests.notifications.postmaster import free_port, running_postmaster
from volunteer_match import doctor
from volunteer_match.config import ROOT
from volunteer_match.db import db, transaction
from volunteer_match.doctor import State


@pytest.fixture
def examined(app, database, monkeypatch):
    """Examine the installation of the test with changed settings; return the findings about a thing."""

    def examine(about, **changes):
        monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], **changes))
        return [finding for finding in doctor.examination() if finding.about == about]

    return examine


def states(findings):
    """Return the states of findings."""
    return [finding.state for finding in findings]


def test_a_database_without_migrations_is_broken(examined):
    (finding,) = examined("tables")

    assert finding.state == State.BROKEN
    assert "flask db upgrade" in finding.remedy


def test_a_migrated_database_is_good(examined, database):
    head = doctor.newest_revision()
    with migrated(head):
        assert states(examined("tables")) == [State.GOOD]


@contextmanager
def migrated(revision):
    """Make the database look migrated."""
    with transaction() as session:
        session.execute(db.text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        session.execute(db.text("INSERT INTO alembic_version VALUES (:r)"), {"r": revision})
    try:
        yield
    finally:
        db.session.rollback()
        with transaction() as session:
            session.execute(db.text("DROP TABLE alembic_version"))


def test_the_engine_under_the_tests_is_good(examined, engine_name):
    about = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[engine_name]

    assert states(examined(about)) == [State.GOOD]


@pytest.mark.parametrize("secret", ["x" * 40, "password" * 5])
def test_a_secret_that_can_be_guessed_is_broken(examined, secret):
    assert states(examined("SECRET_KEY", secret_key=secret)) == [State.BROKEN]


def test_a_fresh_key_is_strong_enough(examined):
    assert states(examined("SECRET_KEY", secret_key=Fernet.generate_key().decode())) == [State.GOOD]


def test_one_key_for_two_purposes_is_broken(examined):
    key = Fernet.generate_key().decode()

    assert states(examined("SECRET_KEY", secret_key=key, encryption_key=key)) == [State.BROKEN]


def test_something_that_is_not_a_key_is_broken(examined):
    assert states(examined("ENCRYPTION_KEY", encryption_key="hello")) == [State.BROKEN]


def test_an_unknown_time_zone_is_broken(examined):
    assert states(examined("TIME_ZONE", time_zone="Europe/Gromada")) == [State.BROKEN]


def test_a_mail_server_that_answers_is_good_and_gets_no_mail(examined, mail_ports):
    with running_postmaster() as master:
        mail_ports.add(master.port)
        assert states(examined("mail", smtp_url=master.url)) == [State.GOOD]
        assert master.taken == []


def test_a_mail_server_that_does_not_answer_is_broken(examined, mail_ports):
    port = free_port()
    mail_ports.add(port)

    assert states(examined("mail", smtp_url=f"smtp://127.0.0.1:{port}")) == [State.BROKEN]


@pytest.mark.parametrize("url", ["http://127.0.0.1", "smtp://", "127.0.0.1:25"])
def test_a_mail_address_that_cannot_be_read_is_broken(examined, url):
    assert states(examined("mail", smtp_url=url)) == [State.BROKEN]


def test_the_dns_records_name_the_sender_domain(examined):
    words = " ".join(f.words for f in examined("DNS", smtp_url="smtps://poczta.example"))

    assert 'gromada.example. TXT "v=spf1 a:poczta.example -all"' in words
    assert "_dmarc.gromada.example" in words
    assert "_domainkey.gromada.example" in words


def test_a_folder_that_is_not_there_is_broken(examined, tmp_path):
    findings = examined("folder", maildir=str(tmp_path / "gone" / "mails"))

    assert State.BROKEN in states(findings)


def test_a_check_that_fails_is_a_finding(examined, monkeypatch):
    def _faint(_settings):
        raise RuntimeError("oh")

    monkeypatch.setattr(doctor, "CHECKS", (_faint,))

    assert states(examined("faint")) == [State.BROKEN]


def flask(*arguments, **env):
    """Run a flask command as an operator would."""
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT, env={**clean, **env}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_without_settings_the_doctor_still_prints_a_key_and_says_what_is_missing():
    key, findings = flask("doctor", "--new-key"), flask("doctor", "--json")

    Fernet(key.stdout.strip())
    assert findings.returncode == 1
    assert "SECRET_KEY is not set" in [finding["words"] for finding in json.loads(findings.stdout)]


def test_without_settings_nothing_else_starts():
    result = flask("worker")

    assert result.returncode != 0
    assert "DATABASE_URL is not set" in result.stderr
