"""Measure the sources: sizes, missing docstrings, import cycles, silenced warnings."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "volunteer_match"
FILE_MAX, FUNCTION_MAX = 400, 50
FILE_P90, FUNCTION_P90, FUNCTION_MEDIAN, NOQA_RATE = 250, 25, 9, 10
DOCUMENTED = frozenset({"service", "rules", "queries"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file of the package, read and parsed."""

    path: Path
    module: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        """Return how many lines the file has."""
        return self.text.count("\n")


@dataclass
class Findings:
    """What broke a limit: `hard` fails the build, `soft` is for the reader."""

    hard: list[str] = field(default_factory=list)
    soft: list[str] = field(default_factory=list)


@lru_cache
def sources(root: Path = ROOT, package: str = PACKAGE) -> list[Source]:
    """Read every module of the package."""
    return [_read(path, root) for path in sorted((root / package).rglob("*.py"))]


def _read(path: Path, root: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    parts = path.relative_to(root).with_suffix("").parts
    module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Source(path.relative_to(root), module, text, ast.parse(text))


def functions(tree: ast.AST) -> Iterator[Function]:
    """Give every function and method of a module, nested ones included."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length(function: Function) -> int:
    """Return the lines of a function without its decorators and docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    text = function.body[0]
    return lines - ((text.end_lineno or text.lineno) - text.lineno + 1)


def undocumented(source: Source) -> list[str]:
    """Name the public functions and methods of a module that have no docstring."""
    found = []
    owners: list[ast.Module | ast.ClassDef] = [source.tree]
    owners += [node for node in source.tree.body if isinstance(node, ast.ClassDef)]
    for owner in owners:
        if isinstance(owner, ast.ClassDef) and owner.name.startswith("_"):
            continue
        for node in owner.body:
            if isinstance(node, Function) and not node.name.startswith("_") and not ast.get_docstring(node):
                found.append(f"{source.path}:{node.lineno} {node.name}")
    return found


def import_graph(modules: list[Source]) -> dict[str, set[str]]:
    """Return who imports whom inside the package, imports for type checking only left out."""
    names = {source.module for source in modules}
    return {source.module: set(_imported(source, names)) - {source.module} for source in modules}


def _imported(source: Source, names: set[str]) -> Iterator[str]:
    for node in _run_time_nodes(source.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                child = f"{node.module}.{alias.name}"
                if child in names:
                    yield child
                elif node.module in names:
                    yield node.module


def _run_time_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        yield node
        yield from _run_time_nodes(node)


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that import each other in a circle (Tarjan, without recursion)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []
    for start in sorted(graph):
        path = [(start, iter(sorted(graph[start])))] if start not in order else []
        while path:
            module, targets = path[-1]
            if module not in order:
                order[module] = low[module] = len(order)
                stack.append(module)
            following = next(targets, None)
            if following is None:
                path.pop()
                _close(module, order, low, stack, found)
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[module])
            elif following not in order:
                path.append((following, iter(sorted(graph[following]))))
            elif following in stack:
                low[module] = min(low[module], order[following])
    return found


def _close(
    module: str, order: dict[str, int], low: dict[str, int], stack: list[str], found: list[list[str]]
) -> None:
    if low[module] != order[module]:
        return
    at = stack.index(module)
    group = sorted(stack[at:])
    del stack[at:]
    if len(group) > 1:
        found.append(group)


def _percentile_90(values: list[int]) -> float:
    return quantiles(values, n=10, method="inclusive")[-1] if len(values) > 1 else float(values[0])


def examine(modules: list[Source]) -> tuple[list[tuple[str, float, float, float]], Findings]:
    """Return the table of sizes (name, median, p90, max) and everything that breaks a limit."""
    findings = Findings()
    files = [source.lines for source in modules if source.lines]
    sized = [(length(node), source, node) for source in modules for node in functions(source.tree)]
    lengths = [size for size, _, _ in sized]
    for source in modules:
        if source.lines > FILE_MAX:
            findings.hard.append(f"{source.path} has {source.lines} lines (limit {FILE_MAX})")
        place = findings.hard if source.path.stem in DOCUMENTED else findings.soft
        place.extend(f"{name} has no docstring" for name in undocumented(source))
    for size, source, node in sized:
        if size > FUNCTION_MAX:
            findings.hard.append(
                f"{source.path}:{node.lineno} {node.name} has {size} lines (limit {FUNCTION_MAX})"
            )
    findings.hard.extend("import cycle: " + " <-> ".join(group) for group in cycles(import_graph(modules)))
    table = [
        ("lines per file", median(files), _percentile_90(files), float(max(files))),
        ("lines per function", median(lengths), _percentile_90(lengths), float(max(lengths))),
    ]
    _judge_spread(table, findings)
    return table, findings


def _judge_spread(table: list[tuple[str, float, float, float]], findings: Findings) -> None:
    (_, _, file_p90, _), (_, function_median, function_p90, _) = table
    for name, value, limit in (
        ("file length, 90th percentile", file_p90, FILE_P90),
        ("function length, median", function_median, FUNCTION_MEDIAN),
        ("function length, 90th percentile", function_p90, FUNCTION_P90),
    ):
        if value > limit:
            findings.soft.append(f"{name}: {value:.0f} (aim {limit})")


def silenced(modules: list[Source]) -> tuple[int, float]:
    """Return how many warnings are silenced, and how many that is per 10,000 lines."""
    count = sum(len(re.findall(r"#\s*noqa", source.text)) for source in modules)
    return count, count * 10_000 / max(1, sum(source.lines for source in modules))


def main() -> int:
    """Print the report; return 1 when a hard limit is broken."""
    modules = sources()
    table, findings = examine(modules)
    count, rate = silenced(modules)
    if rate > NOQA_RATE:
        findings.soft.append(f"noqa: {rate:.1f} per 10,000 lines (aim {NOQA_RATE})")
    print(f"{len(modules)} files, {sum(source.lines for source in modules)} lines")
    print(f"{'':20}{'median':>8}{'p90':>8}{'max':>8}")
    for name, middle, p90, top in table:
        print(f"{name:20}{middle:8.0f}{p90:8.0f}{top:8.0f}")
    print(f"{'noqa':20}{count:8}  = {rate:.1f} per 10,000 lines")
    for text in findings.soft:
        print("  note:", text)
    for text in findings.hard:
        print("  LIMIT:", text)
    return 1 if findings.hard else 0


if __name__ == "__main__":
    sys.exit(main())
