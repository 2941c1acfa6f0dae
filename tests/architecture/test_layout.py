"""Where things are and what they are called."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools.report import ROOT, cycles, examine, import_graph, sources

OWN_CORE = "volunteer_match.matching.core"
CORE_MAY_USE = {"numpy", "highspy", *sys.stdlib_module_names}
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|lorem ipsum)\b", re.IGNORECASE)
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/\w")
ADDRESS = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)
TEXT_FILES = {
    ".py",
    ".html",
    ".txt",
    ".md",
    ".toml",
    ".yaml",
    ".yml",
    ".css",
    ".js",
    ".csv",
    ".in",
    ".svg",
    "",
}
FOREIGN = ("vendor/", "LICENSE", "requirements", "translations/")


def _tracked() -> list[str]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def own_texts() -> list[tuple[str, str]]:
    """Every text file that is our own work, with its name."""
    names = [name for name in _tracked() if not any(part in name for part in FOREIGN)]
    paths = [ROOT / name for name in names]
    return [
        (name, path.read_text(encoding="utf-8", errors="replace"))
        for name, path in zip(names, paths, strict=True)
        if path.suffix in TEXT_FILES and name != "tests/architecture/test_layout.py"
    ]


def test_packages_say_nothing_when_imported():
    talking = [str(s.path) for s in sources() if s.path.name == "__init__.py" and s.text.strip()]

    assert talking == []


def test_the_top_level_stays_short():
    assert len({name.split("/")[0] for name in _tracked()}) <= 20


def test_the_import_contracts_hold():
    # In a process of its own: it silences all loggers there are, and other tests read the log.
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_modules_import_each_other_in_a_circle():
    assert cycles(import_graph(sources())) == []


def test_no_hard_limit_of_size_or_documentation_is_broken():
    _table, findings = examine(sources())

    assert findings.hard == []


def test_the_core_uses_only_its_solver_and_the_standard_library():
    foreign = [
        f"{source.path}: {name}"
        for source in sources()
        if source.module.startswith(OWN_CORE)
        for name in _imports(source.tree)
        if not name.startswith(OWN_CORE) and name.split(".")[0] not in CORE_MAY_USE
    ]

    assert foreign == []


def _imports(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append("." * node.level + (node.module or ""))
    return found


def test_nothing_is_left_unfinished(own_texts):
    assert [f"{name}: {m.group()}" for name, text in own_texts for m in UNFINISHED.finditer(text)] == []


def test_no_path_of_a_machine_is_written_down(own_texts):
    assert [f"{name}: {m.group()}" for name, text in own_texts for m in MACHINE_PATH.finditer(text)] == []


def test_every_address_is_invented(own_texts):
    real = {
        f"{name}: {match.group()}"
        for name, text in own_texts
        for match in ADDRESS.finditer(text)
        if not match.group().lower().endswith((".example", "@example.org"))
    }

    assert real == set()


def test_scripts_and_styles_stay_out_of_the_templates(own_texts):
    inline = re.compile(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|<style", re.IGNORECASE)
    jinja = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
    found = [
        f"{name}: {match.group()}"
        for name, text in own_texts
        if name.startswith("templates/") and not name.startswith("templates/email/")
        for match in inline.finditer(jinja.sub("", text))
    ]

    assert found == []
