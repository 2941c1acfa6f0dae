"""The report of sizes finds what it should."""

import ast
from pathlib import Path

import pytest

from tools.report import FUNCTION_MAX, cycles, examine, functions, import_graph, length, silenced, sources


@pytest.fixture
def package(tmp_path):
    """Write a package from file contents and return its modules."""

    def write(**contents: str):
        folder = tmp_path / "volunteer_match"
        for name, text in contents.items():
            path = folder / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return sources(tmp_path)

    return write


def test_modules_that_import_each_other_are_found(package):
    modules = package(
        one="from volunteer_match import two\n",
        two="import volunteer_match.three\n",
        three="import volunteer_match.one\n",
    )

    names = ["volunteer_match.one", "volunteer_match.three", "volunteer_match.two"]
    assert cycles(import_graph(modules)) == [names]


def test_an_import_inside_a_function_counts_too(package):
    modules = package(one="def f():\n    import volunteer_match.two\n", two="import volunteer_match.one\n")

    assert cycles(import_graph(modules)) == [["volunteer_match.one", "volunteer_match.two"]]


def test_an_import_for_types_only_is_no_cycle(package):
    typed = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import volunteer_match.two\n"
    modules = package(one=typed, two="import volunteer_match.one\n")

    assert cycles(import_graph(modules)) == []


def test_a_chain_of_imports_is_no_cycle():
    assert cycles({"a": {"b"}, "b": {"c"}, "c": set()}) == []


def test_two_cycles_are_told_apart():
    assert cycles({"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": {"c"}}) == [["c", "d"], ["a", "b"]]


def test_a_docstring_does_not_make_a_function_long():
    tree = ast.parse('def f():\n    """One.\n\n    Two.\n    """\n    return 1\n')

    assert [length(f) for f in functions(tree)] == [2]


def test_a_public_service_function_needs_a_docstring(package):
    _table, findings = examine(
        package(needs__service="def post():\n    return 1\n\n\ndef _help():\n    return 2\n")
    )

    assert findings.hard == [f"{Path('volunteer_match/needs/service.py')}:1 post has no docstring"]


def test_elsewhere_a_missing_docstring_is_a_note(package):
    _table, findings = examine(package(needs__views="def post():\n    return 1\n"))

    assert (len(findings.hard), len(findings.soft)) == (0, 1)


@pytest.mark.parametrize(("lines", "broken"), [(FUNCTION_MAX, 0), (FUNCTION_MAX + 1, 1)])
def test_a_function_may_be_fifty_lines_long(package, lines, broken):
    body = "    x = 1\n" * (lines - 1)

    _table, findings = examine(package(needs__views=f"def _long():\n{body}"))

    assert len(findings.hard) == broken


def test_silenced_warnings_are_counted_per_ten_thousand_lines(package):
    assert silenced(package(one="x = 1  # noqa: S105\n" + "y = 2\n" * 99)) == (1, 100.0)
