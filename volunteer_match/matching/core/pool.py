"""Solves shards in processes of their own, several at a time; one that dies or hangs is solved again."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from volunteer_match.matching.core import outcome
from volunteer_match.matching.core.shards import Outcome, Shard

GRACE_S = 20.0
LOOK_EVERY_S = 0.5
Watch = Callable[[int, int], bool]
"""Is told how many of how many shards of the round are done; False ends the search."""
MOST_TRIES = 2


@dataclass(slots=True)
class _Running:
    at: int
    tries: int
    process: BaseProcess
    deadline: float


@dataclass(frozen=True, slots=True)
class Processes:
    """A runner of shards; each gets so many seconds, fewer if small, whoever else is running.

    A process that ends without an answer, or does not end in time, is replaced; after the last try the
    shard is planned without a solver. So are all that are left once `watch` ends the search.
    """

    workers: int
    shard_time_limit_s: float
    seed: int = 1
    pace_s: float | None = None
    work: Callable[[Shard, float, int], Outcome] | None = None
    watch: Watch | None = None

    def __call__(self, shards: Sequence[Shard]) -> list[Outcome]:
        """Solve shards and return their outcomes in the same order."""
        waiting = deque((at, 1) for at in range(len(shards)))
        running: dict[Connection, _Running] = {}
        found: dict[int, Outcome] = {}
        try:
            while (waiting or running) and self._goes_on(len(found), len(shards)):
                while waiting and len(running) < self.workers:
                    connection, started = self._start(shards, *waiting.popleft())
                    running[connection] = started
                for connection in self._ended(running):
                    ended = running.pop(connection)
                    result = _result(connection, ended.process)
                    if result is not None:
                        found[ended.at] = result
                    elif ended.tries < MOST_TRIES:
                        waiting.append((ended.at, ended.tries + 1))
                    else:
                        found[ended.at] = outcome.quick(shards[ended.at])
        finally:
            for each in running.values():
                each.process.kill()
        return [found.get(at) or outcome.quick(each) for at, each in enumerate(shards)]

    def _goes_on(self, done: int, count: int) -> bool:
        return self.watch is None or self.watch(done, count)

    def _start(self, shards: Sequence[Shard], at: int, tries: int) -> tuple[Connection, _Running]:
        # A forked process has the shards already: whole countries need not be written down for it.
        context = multiprocessing.get_context("fork")
        reader, writer = context.Pipe(duplex=False)
        work = self.work or partial(_decided, pace_s=self.pace_s)
        process = context.Process(
            target=_answer, args=(writer, work, shards[at], self.shard_time_limit_s, self.seed), daemon=True
        )
        process.start()
        writer.close()
        deadline = time.monotonic() + self.shard_time_limit_s + GRACE_S
        return reader, _Running(at, tries, process, deadline)

    def _ended(self, running: dict[Connection, _Running]) -> list[Connection]:
        left = min(each.deadline for each in running.values()) - time.monotonic()
        left = left if self.watch is None else min(left, LOOK_EVERY_S)
        ready = [each for each in wait(list(running), max(0.0, left)) if isinstance(each, Connection)]
        now = time.monotonic()
        late = [each for each, at in running.items() if each not in ready and at.deadline <= now]
        for connection in late:
            running[connection].process.kill()
        return ready + late


def in_turn(shard_time_limit_s: float, seed: int = 1) -> Callable[[Sequence[Shard]], list[Outcome]]:
    """Return a runner that solves one shard after another in this process."""
    return lambda shards: [_decided(each, shard_time_limit_s, seed) for each in shards]


def _decided(shard: Shard, time_limit_s: float, seed: int, pace_s: float | None = None) -> Outcome:
    return outcome.decided(shard, time_limit_s=time_limit_s, seed=seed, pace_s=pace_s)


def _answer(
    writer: Connection,
    work: Callable[[Shard, float, int], Outcome],
    shard: Shard,
    time_limit_s: float,
    seed: int,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    writer.send(work(shard, time_limit_s, seed))
    writer.close()


def _result(connection: Connection, process: BaseProcess) -> Outcome | None:
    try:
        result: Outcome = connection.recv()
    except (EOFError, OSError):
        return None
    finally:
        connection.close()
        process.join()
    return result
