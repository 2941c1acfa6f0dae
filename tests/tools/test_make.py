"""The commands of the Makefile are there, and say what is missing."""

import os
import re
import shutil
import subprocess

import pytest

from tools.report import ROOT

COMMANDS = {
    "setup", "demo", "demo-reset", "serve", "worker", "test", "check", "a11y", "screens", "bench", "i18n",
    "requirements", "clean", "help",
}  # fmt: skip
PINNED = ("requirements.txt", "requirements/dev.txt", "requirements/bench.txt")


def _make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    # Inside `make test` the outer make's flags must not reach the inner one.
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=outer | environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def bare_path(tmp_path):
    """A PATH with the shell's tools and no Python."""
    for tool in ("sh", "make", "sed", "awk", "touch", "echo"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    return str(tmp_path)


def test_make_alone_lists_the_commands():
    listed = set(re.findall(r"^  ([a-z0-9-]+) {2,}\S", _make().stdout, re.MULTILINE))

    assert listed >= COMMANDS


def test_without_python_make_says_what_to_install(bare_path, tmp_path):
    answer = _make("setup", f"VENV={tmp_path}/venv", PATH=bare_path)

    assert answer.returncode != 0
    assert "Python 3.11 or newer is missing" in answer.stderr


def test_an_unfit_python_is_refused(tmp_path):
    answer = _make("setup", f"VENV={tmp_path}/venv", "PYTHON=/bin/false")

    assert answer.returncode != 0
    assert "/bin/false is older than Python 3.11" in answer.stderr


def test_the_port_is_passed_on():
    assert "--port 8123" in _make("--dry-run", "demo", "PORT=8123").stdout


def test_pinned_requirements_name_no_place_to_fetch_from():
    pinned = [(ROOT / name).read_text(encoding="utf-8") for name in PINNED]

    assert [
        line for text in pinned for line in text.splitlines() if "://" in line or line.startswith("--")
    ] == []


@pytest.mark.parametrize("name", PINNED)
def test_every_pinned_requirement_has_hashes(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=\w)", text) if "==" in entry]

    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
