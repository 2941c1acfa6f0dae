"""The whole model by OR-Tools CP-SAT: arguments are the model, the seconds and the workers."""

import sys
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from tests.bench.peers.measured import Watch, report
from tests.bench.peers.programs import levels, read, worth


class Progress(cp_model.CpSolverSolutionCallback):
    """Notes when which value was reached."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch
        self.steps: list[tuple[float, float, float]] = []

    def on_solution_callback(self) -> None:
        """Note a better answer."""
        took = self._watch.read()
        self.steps.append((took["cpu"], took["wall"], self.objective_value))


def _model(program: dict[str, Any]) -> tuple[cp_model.CpModel, list[Any]]:
    model = cp_model.CpModel()
    columns = [model.new_int_var(0, int(most), "") for most in program["most"].tolist()]
    at, values, starts = (
        program["at"].tolist(),
        program["values"].astype(np.int64).tolist(),
        program["starts"].tolist(),
    )
    for row, (lower, upper) in enumerate(
        zip(program["lower"].tolist(), program["upper"].tolist(), strict=True)
    ):
        here = slice(starts[row], starts[row + 1])
        total = cp_model.LinearExpr.weighted_sum([columns[each] for each in at[here]], values[here])
        model.add_linear_constraint(total, _whole(lower), _whole(upper))
    model.maximize(cp_model.LinearExpr.weighted_sum(columns, program["gains"].tolist()))
    return model, columns


def _whole(limit: float) -> int:
    return int(np.clip(limit, -(2**40), 2**40))


def main() -> None:
    """Solve and report."""
    program, seconds, workers = read(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    watch = Watch()
    model, columns = _model(program)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    progress = Progress(watch)
    status = solver.solve(model, progress)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    constant = int(program["constant"])
    took = watch.read()
    answer = [solver.value(column) for column in columns] if found else []
    report(
        **took,
        value=worth(program, answer) if found else None,
        values=levels(program, answer) if found else None,
        bound=solver.best_objective_bound + constant,
        optimal=status == cp_model.OPTIMAL,
        threads=workers,
        steps=[(cpu, wall, value + constant) for cpu, wall, value in progress.steps],
    )


if __name__ == "__main__":
    main()
