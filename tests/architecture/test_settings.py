"""What an operator can set is written down, and nothing else."""

from dataclasses import fields

from volunteer_match.config import ROOT, Settings

FOR_DEVELOPERS = {"TESTING"}
FOR_COMPOSE = {"POSTGRES_PASSWORD"}


def _named() -> list[str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    plain = [line.removeprefix("# ") for line in lines if "=" in line]
    return [
        line.split("=")[0] for line in plain if line.split("=")[0].isupper() and " " not in line.split("=")[0]
    ]


def test_the_example_names_every_setting_once():
    known = {field.name.upper() for field in fields(Settings)}

    assert sorted(_named()) == sorted(known - FOR_DEVELOPERS | FOR_COMPOSE)


def test_the_example_holds_no_secret():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    filled = [line for line in lines if line.startswith(("SECRET_KEY=", "ENCRYPTION_KEY=", "SMTP_URL="))]

    assert [line.split("=")[1] for line in filled] == ["", "", ""]
