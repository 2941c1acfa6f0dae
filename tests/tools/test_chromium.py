"""The browser of the browser tests is found, or its absence explained."""

import pytest

from tools import chromium


@pytest.fixture
def program(tmp_path):
    """Make an empty program with the name, and return its path."""

    def make(name: str) -> str:
        path = tmp_path / name
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
        return str(path)

    return make


def test_a_named_browser_wins(monkeypatch, program):
    monkeypatch.setenv("CHROMIUM", program("my-browser"))

    assert chromium.find() == program("my-browser")


def test_a_browser_in_the_path_is_found(monkeypatch, program, tmp_path):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    path = program("google-chrome")

    assert chromium.find() == path


def test_a_wrong_name_is_said_and_nothing_installed(monkeypatch, capsys):
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    monkeypatch.setattr(chromium.subprocess, "run", pytest.fail)

    chromium.main()

    assert capsys.readouterr().out.strip() == chromium.ADVICE


def test_only_root_asks_the_package_manager(monkeypatch):
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)

    assert all("apt-get" not in command for command in chromium._means())
