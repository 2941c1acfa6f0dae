"""Munkres' assignment method in plain Python, as textbooks step through it with stars, primes and covers.

Arguments: a file with a square matrix of costs, the seconds to give up after, and `textbook` for the method
below or `package` for the package of that name. This is what matching tools without a solver use; each step
searches the matrix, and the value is the same as any exact method's.
"""

import signal
import sys
import time

import numpy as np

from tests.bench.peers.measured import Watch, report

Cell = tuple[int, int]


class OutOfTimeError(Exception):
    """The time to give up has come."""


class Munkres:
    """One assignment: `stars` holds the chosen column of each row, -1 while there is none."""

    def __init__(self, costs: list[list[int]], deadline: float) -> None:
        self.deadline = deadline
        self.size = len(costs)
        self.costs = [[cost - min(row) for cost in row] for row in costs]
        self.stars = [-1] * self.size
        self.starred_row = [-1] * self.size
        self.primes = [-1] * self.size
        self.row_covered = [False] * self.size
        self.column_covered = [False] * self.size

    def solve(self) -> list[int]:
        """Return the column of each row."""
        self._star_independent_zeros()
        while self._cover_starred_columns() < self.size:
            cell = self._prime_until_free()
            self._augment(cell)
        return self.stars

    def _star_independent_zeros(self) -> None:
        for row, costs in enumerate(self.costs):
            for column, cost in enumerate(costs):
                if cost == 0 and self.starred_row[column] < 0:
                    self.stars[row], self.starred_row[column] = column, row
                    break

    def _cover_starred_columns(self) -> int:
        self.column_covered = [row >= 0 for row in self.starred_row]
        self.row_covered = [False] * self.size
        self.primes = [-1] * self.size
        return sum(self.column_covered)

    def _prime_until_free(self) -> Cell:
        while True:
            if time.process_time() > self.deadline:
                raise OutOfTimeError
            cell = self._uncovered_zero()
            if cell is None:
                self._open_another_zero()
                continue
            row, column = cell
            self.primes[row] = column
            star = self.stars[row]
            if star < 0:
                return cell
            self.row_covered[row], self.column_covered[star] = True, False

    def _uncovered_zero(self) -> Cell | None:
        open_columns = [column for column, covered in enumerate(self.column_covered) if not covered]
        for row, costs in enumerate(self.costs):
            if not self.row_covered[row]:
                for column in open_columns:
                    if costs[column] == 0:
                        return row, column
        return None

    def _open_another_zero(self) -> None:
        open_columns = [column for column, covered in enumerate(self.column_covered) if not covered]
        closed = [column for column, covered in enumerate(self.column_covered) if covered]
        least = min(
            costs[column]
            for costs, covered in zip(self.costs, self.row_covered, strict=True)
            if not covered
            for column in open_columns
        )
        for costs, covered in zip(self.costs, self.row_covered, strict=True):
            for column in closed if covered else open_columns:
                costs[column] += least if covered else -least

    def _augment(self, cell: Cell) -> None:
        """Swap stars along the path from a primed zero without a star in its row."""
        row, column = cell
        while True:
            other = self.starred_row[column]
            self.stars[row], self.starred_row[column] = column, row
            if other < 0:
                return
            row, column = other, self.primes[other]


def _textbook(costs: list[list[int]], deadline: float) -> list[int]:
    return Munkres(costs, deadline).solve()


def _package(costs: list[list[int]], deadline: float) -> list[int]:
    from munkres import Munkres as Package

    def stop(*_: object) -> None:
        raise OutOfTimeError

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, deadline - time.process_time())
    pairs = dict(Package().compute(costs))
    return [pairs[row] for row in range(len(costs))]


HOW = {"textbook": _textbook, "package": _package}


def main() -> None:
    """Assign and report."""
    given = np.load(sys.argv[1])
    deadline = time.process_time() + float(sys.argv[2])
    watch = Watch()
    try:
        chosen = HOW[sys.argv[3]](given.tolist(), deadline)
    except OutOfTimeError:
        report(**watch.read(), finished=False, cost=None)
        return
    took = watch.read()
    report(**took, finished=True, cost=int(given[np.arange(len(chosen)), chosen].sum()))


if __name__ == "__main__":
    main()
