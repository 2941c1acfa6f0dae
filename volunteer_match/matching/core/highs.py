"""HiGHS behind one function; the only module that imports it, and only when it is called.

Always one thread: the number of threads is shared by the whole process, and a second model with another
number would silently come back without a solution. Every status is checked, nothing is trusted unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from volunteer_match.matching.core.columns import Floats, Ints
from volunteer_match.matching.core.model import Model
from volunteer_match.matching.core.rows import INFINITY, Rows

WHOLE_STEP = 0.99
LEAST_TIME_S = 0.01


class SolverError(RuntimeError):
    """HiGHS refused a model or an option."""


@dataclass(frozen=True, slots=True)
class Floor:
    """An earlier level that must not get worse."""

    level: int
    value: int


@dataclass(frozen=True, slots=True)
class Run:
    """One question to the solver: what to maximise, above which floors, with what left out or put in."""

    objective: Ints
    seconds: float
    seed: int
    whole: bool = True
    floors: tuple[Floor, ...] = ()
    start: Floats | None = None
    forced: tuple[int, ...] = ()
    closed: Ints | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one run found; `bound` holds for every plan the run could reach.

    `columns` is None without a solution, `reduced` (what the objective gains per unit of a column) is
    there for relaxations only.
    """

    optimal: bool
    columns: Floats | None
    bound: float
    reduced: Floats | None = None


def maximise(model: Model, run: Run) -> Answer:
    """Maximise an objective over a model, whole numbers only unless `run.whole` is off."""
    highspy: Any = import_module("highspy")
    solver = highspy.Highs()
    for name, value in _options(run).items():
        _checked(solver.setOptionValue(name, value), highspy, f"option {name}")
    _checked(solver.passModel(_program(highspy, model, run)), highspy, "model")
    if run.whole and run.start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = run.start.tolist()
        _checked(solver.setSolution(solution), highspy, "start")
    solver.run()
    return _answer(highspy, solver, run.whole)


def _options(run: Run) -> dict[str, Any]:
    return {
        "output_flag": False,
        "threads": 1,
        "random_seed": run.seed,
        "time_limit": max(LEAST_TIME_S, run.seconds),
        "mip_rel_gap": 0.0,
        "mip_abs_gap": WHOLE_STEP,
    }


def _checked(status: Any, highspy: Any, what: str) -> None:
    if status == highspy.HighsStatus.kError:
        raise SolverError(f"the solver refused: {what}")


def _program(highspy: Any, model: Model, run: Run) -> Any:
    rows = _with_floors(model, run.floors)
    least, most = np.zeros(len(model.upper)), model.upper.copy()
    least[list(run.forced)] = 1.0
    if run.closed is not None:
        most[run.closed] = least[run.closed]
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(model.upper), rows.count
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = run.objective.astype(np.float64)
    program.col_lower_, program.col_upper_ = least, most
    program.row_lower_, program.row_upper_ = rows.lower, rows.upper
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.num_col_, program.a_matrix_.num_row_ = len(model.upper), rows.count
    program.a_matrix_.start_ = rows.starts.astype(np.int32)
    program.a_matrix_.index_ = rows.at.astype(np.int32)
    program.a_matrix_.value_ = rows.values
    if run.whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        program.integrality_ = [kinds[int(each)] for each in model.integer]
    return program


def _with_floors(model: Model, floors: tuple[Floor, ...]) -> Rows:
    rows = model.rows
    for floor in floors:
        gains = model.levels[floor.level]
        where = np.flatnonzero(gains)
        rows = rows.with_row(where, gains[where], floor.value - model.constants[floor.level], INFINITY)
    return rows


def _answer(highspy: Any, solver: Any, whole: bool) -> Answer:
    status, info = solver.getModelStatus(), solver.getInfo()
    kinds = highspy.HighsModelStatus
    if status == kinds.kModelEmpty:
        return Answer(optimal=True, columns=np.zeros(0), bound=0.0)
    optimal = status == kinds.kOptimal
    if not whole:
        # An unfinished relaxation bounds nothing.
        if not optimal:
            return Answer(optimal=False, columns=None, bound=INFINITY)
        solution = solver.getSolution()
        value, reduced = float(info.objective_function_value), np.array(solution.col_dual)
        return Answer(True, np.array(solution.col_value), value, reduced)
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    columns = np.array(solver.getSolution().col_value) if found else None
    bound = float(info.mip_dual_bound) if status in (kinds.kOptimal, kinds.kTimeLimit) else INFINITY
    return Answer(optimal, columns, bound)
