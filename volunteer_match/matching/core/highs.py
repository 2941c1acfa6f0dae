"""HiGHS behind one function; the only module that imports it, and only when it is called.

Always one thread: the number of threads is shared by the whole process, and a second model with another
number would silently come back without a solution. Every status is checked, nothing is trusted unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from volunteer_match.matching.core import program as programs
from volunteer_match.matching.core.columns import Floats, Ints
from volunteer_match.matching.core.program import Program
from volunteer_match.matching.core.rows import INFINITY, Rows

WHOLE_STEP = 0.9
LEAST_TIME_S = 0.01


class SolverError(RuntimeError):
    """HiGHS refused a model or an option."""


@dataclass(frozen=True, slots=True)
class Ask:
    """How to answer: in how much time, in whole numbers or not, from where, after how many nodes to stop.

    `interior` solves a relaxation from inside, which is much faster on tight problems and ends between the
    corners.
    """

    seconds: float
    seed: int
    whole: bool = True
    start: Floats | None = None
    nodes: int | None = None
    interior: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What one run found; `bound` holds for every solution of the program.

    `columns` is None without a solution; `reduced` (what the objective gains per unit of a column) and
    `prices` (per unit of a row) are there for relaxations only.
    """

    optimal: bool
    columns: Floats | None
    bound: float
    reduced: Floats | None = None
    prices: Floats | None = None


def maximise(program: Program, objective: Ints | Floats, ask: Ask) -> Answer:
    """Maximise an objective over a program, whole numbers only unless `ask.whole` is off."""
    if program.count == 0:
        return Answer(optimal=True, columns=np.zeros(0), bound=0.0, reduced=np.zeros(0), prices=np.zeros(0))
    highspy: Any = import_module("highspy")
    solver = highspy.Highs()
    for name, value in _options(ask).items():
        _checked(solver.setOptionValue(name, value), highspy, f"option {name}")
    _checked(solver.passModel(_written(highspy, program, objective, ask.whole)), highspy, "model")
    if ask.whole and ask.start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = ask.start.tolist()
        _checked(solver.setSolution(solution), highspy, "start")
    solver.run()
    return _whole(highspy, solver) if ask.whole else _relaxed(highspy, solver, program, objective)


class Relaxation:
    """A relaxation that stays with the solver, so that it goes on from the last answer after a change."""

    def __init__(self, program: Program, objective: Ints | Floats, seed: int, presolve: bool = True) -> None:
        self.highspy: Any = import_module("highspy")
        self.solver = self.highspy.Highs()
        self.count = program.count
        for name, value in _options(Ask(INFINITY, seed, whole=False)).items():
            _checked(self.solver.setOptionValue(name, value), self.highspy, f"option {name}")
        _checked(
            self.solver.setOptionValue("presolve", "choose" if presolve else "off"), self.highspy, "presolve"
        )
        written = _written(self.highspy, program, objective, whole=False)
        _checked(self.solver.passModel(written), self.highspy, "model")

    def aim(self, objective: Ints | Floats) -> None:
        """Maximise something else from now on."""
        every, gains = np.arange(self.count, dtype=np.int32), objective.astype(np.float64)
        _checked(self.solver.changeColsCost(self.count, every, gains), self.highspy, "objective")

    def add_columns(
        self, gains: Ints | Floats, limits: tuple[Floats, Floats], entries: tuple[Ints, Ints, Floats]
    ) -> None:
        """Add columns with their entries (starts, rows, values)."""
        starts, at, values = entries
        status = self.solver.addCols(
            len(gains), gains.astype(np.float64), *limits, len(at), starts[:-1].astype(np.int32),
            at.astype(np.int32), values,
        )  # fmt: skip
        self.count += len(gains)
        _checked(status, self.highspy, "columns")

    def add(self, rows: Rows) -> None:
        """Add rows."""
        at, starts = rows.at.astype(np.int32), rows.starts[:-1].astype(np.int32)
        status = self.solver.addRows(
            rows.count, rows.lower, rows.upper, len(at), starts, at, rows.values.astype(np.float64)
        )
        _checked(status, self.highspy, "rows")

    def limit(self, column: int, lower: float, upper: float) -> None:
        """Keep a column between limits."""
        _checked(self.solver.changeColBounds(column, lower, upper), self.highspy, "limits")

    @property
    def impossible(self) -> bool:
        """Return whether the last answer was that nothing keeps all rows."""
        return bool(self.solver.getModelStatus() == self.highspy.HighsModelStatus.kInfeasible)

    def solve(self, seconds: float) -> tuple[Floats, Floats] | None:
        """Return the values of the columns and the prices of the rows, or None without an answer."""
        if seconds <= 0:
            return None
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + seconds)
        self.solver.run()
        solution = self.solver.getSolution()
        if self.impossible or not solution.dual_valid or not solution.value_valid:
            return None
        return np.array(solution.col_value), np.array(solution.row_dual)


def _options(ask: Ask) -> dict[str, Any]:
    options: dict[str, Any] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": ask.seed,
        "time_limit": max(LEAST_TIME_S, ask.seconds),
        "mip_rel_gap": 0.0,
        "mip_abs_gap": WHOLE_STEP,
        "mip_detect_symmetry": False,
    }
    if ask.nodes is not None:
        options["mip_max_nodes"] = ask.nodes
    if ask.interior:
        options |= {"solver": "ipm", "run_crossover": "off"}
    return options


def _checked(status: Any, highspy: Any, what: str) -> None:
    if status == highspy.HighsStatus.kError:
        raise SolverError(f"the solver refused: {what}")


def _written(highspy: Any, program: Program, objective: Ints | Floats, whole: bool) -> Any:
    rows = program.rows
    written = highspy.HighsLp()
    written.num_col_, written.num_row_ = program.count, rows.count
    written.sense_ = highspy.ObjSense.kMaximize
    written.col_cost_ = objective.astype(np.float64)
    written.col_lower_, written.col_upper_ = program.lower, program.upper
    written.row_lower_, written.row_upper_ = rows.lower, rows.upper
    written.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    written.a_matrix_.num_col_, written.a_matrix_.num_row_ = program.count, rows.count
    written.a_matrix_.start_ = rows.starts.astype(np.int32)
    written.a_matrix_.index_ = rows.at.astype(np.int32)
    written.a_matrix_.value_ = rows.values
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        written.integrality_ = [kinds[each] for each in program.integer.astype(np.int64).tolist()]
    return written


def _whole(highspy: Any, solver: Any) -> Answer:
    status, info = solver.getModelStatus(), solver.getInfo()
    kinds = highspy.HighsModelStatus
    if status == kinds.kModelEmpty:
        return Answer(optimal=True, columns=np.zeros(0), bound=0.0)
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    columns = np.array(solver.getSolution().col_value) if found else None
    bounded = (kinds.kOptimal, kinds.kTimeLimit, kinds.kSolutionLimit, kinds.kIterationLimit)
    limit = float(info.mip_dual_bound) if status in bounded else INFINITY
    return Answer(status == kinds.kOptimal, columns, limit)


def _relaxed(highspy: Any, solver: Any, program: Program, objective: Ints | Floats) -> Answer:
    solution = solver.getSolution()
    if not solution.dual_valid or not solution.value_valid:
        return Answer(optimal=False, columns=None, bound=INFINITY)
    prices = np.array(solution.row_dual)
    optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    # Worked out again from the prices: then it holds even where the solver stopped early or rounded.
    limit = programs.bound(program, objective, prices)
    reduced = programs.reduced(program, objective, prices)
    return Answer(optimal, np.array(solution.col_value), limit, reduced, prices)
