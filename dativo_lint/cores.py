"""Cores: files handed out to several processes, and what they make of them handed back."""

from __future__ import annotations

import marshal
import mmap
import os
import select
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from msgspec import Struct, field

Work = Callable[[Sequence[str]], Sequence[Any]]
"""From the paths of files to plain data for each, all that `marshal` takes."""

_NUMBER = 4
_SENT = 64
_MOST_CHUNK = 256
_MOST_CHUNKS = 1_000
_PART = 1 << 18
_TICK = 0.2
"""Seconds between two looks at how far the processes are."""


MOST: Final = 64 if hasattr(os, "fork") else 1
"""Processes that a run may have; one where a process cannot be copied."""


def available() -> int:
    """How many processes can run at one time."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread(
    files: Sequence[str],
    work: Work,
    processes: int,
    receive: Callable[[str, Any], None],
    tick: Callable[[int], None] = lambda _: None,
    *,
    batch: int = 1,
) -> dict[str, str]:
    """Work on files in several processes, which begin as copies of this one.

    `receive` is told, in any order, what was made of each file; `tick` now and then how many are
    done; `batch` files are worked on at once. Returns the files on which a process died, each with
    how; the files that it had still before it are worked on by another, one by one.
    """
    died: dict[str, str] = {}
    left = list(files)
    done = 0
    while left:
        missing = dict.fromkeys(left)
        known = len(died)
        plan = _Plan.of(left, work, batch, processes)
        for number, made in _round(plan, processes, died, partial(_add, tick, done)):
            del missing[left[number]]
            receive(left[number], made)
        if len(missing) == len(left) and len(died) == known and batch == 1:
            raise ChildProcessError("no process lives long enough to judge a file")
        done += len(left) - len(missing)
        left = [path for path in missing if path not in died]
        batch = 1
    return died


def _add(tick: Callable[[int], None], before: int, done: int) -> None:
    tick(before + done)


class _Plan(Struct, frozen=True, eq=False):
    """Files, how many of them are worked on at once, and in which chunks they are handed out."""

    files: Sequence[str]
    work: Work
    batch: int
    chunks: Sequence[range]

    @classmethod
    def of(cls, files: Sequence[str], work: Work, batch: int, processes: int) -> _Plan:
        """A plan with chunks that are small enough for nobody to wait for another at the end."""
        fair = max(1, min(_MOST_CHUNK, len(files) // (processes * 4)))
        size = max(fair, len(files) // _MOST_CHUNKS)
        chunks = [range(at, min(at + size, len(files))) for at in range(0, len(files), size)]
        return cls(files, work, batch, chunks)

    def batches(self, chunk: int) -> Iterator[tuple[int, Sequence[str]]]:
        """The files of a chunk that are worked on at once, with the number of the first."""
        its = self.chunks[chunk]
        for at in its[:: self.batch]:
            yield at, self.files[at : min(at + self.batch, its.stop)]


def _round(
    plan: _Plan, processes: int, died: dict[str, str], tick: Callable[[int], None]
) -> Iterator[tuple[int, Any]]:
    """What each file came to that was finished before a process died, by its number."""
    # Whoever is free takes the next number out of this pipe, which holds them all.
    queue, feed = os.pipe()
    numbers = range(len(plan.chunks))
    os.write(feed, b"".join(number.to_bytes(_NUMBER, "big") for number in numbers))
    os.close(feed)
    # Where each process is: the number of its file and one, and how many it has behind it.
    board = mmap.mmap(-1, processes * 2 * _NUMBER)
    workers = [_start(number, queue, board, plan) for number in range(processes)]
    os.close(queue)
    reading = {worker.pipe: worker for worker in workers}
    try:
        while reading:
            ready, _, _ = select.select(list(reading), [], [], _TICK)
            for pipe in ready:
                part = os.read(pipe, _PART)
                if part:
                    yield from reading[pipe].take(part)
                else:
                    _end(reading.pop(pipe), board, plan, died)
            tick(sum(_told(board, number, 1) for number in range(processes)))
    finally:
        for worker in workers:
            worker.stop()
        board.close()


class _Worker(Struct, eq=False):
    """A process that works, the pipe on which it tells what it made, and what came so far."""

    number: int
    process: int
    pipe: int
    status: int | None = None
    _came: bytearray = field(default_factory=bytearray)

    def take(self, part: bytes) -> Iterator[tuple[int, Any]]:
        """What is whole of all that came."""
        self._came += part
        while len(self._came) >= _NUMBER:
            end = _NUMBER + int.from_bytes(self._came[:_NUMBER], "big")
            if len(self._came) < end:
                return
            yield from marshal.loads(self._came[_NUMBER:end])  # noqa: S302  of our own process
            del self._came[:end]

    def stop(self) -> None:
        """End it, where it has not ended by itself."""
        if self.status is None:
            import signal  # only a run that is cut short stops anybody

            os.kill(self.process, signal.SIGKILL)
            os.close(self.pipe)
            self.wait()

    def wait(self) -> int:
        """How it ended: an exit code, or the negative number of a signal."""
        _, status = os.waitpid(self.process, 0)
        self.status = os.waitstatus_to_exitcode(status)
        return self.status


def _start(number: int, queue: int, board: mmap.mmap, plan: _Plan) -> _Worker:
    pipe, out = os.pipe()
    process = os.fork()
    if process:
        os.close(out)
        return _Worker(number, process, pipe)
    status = 1
    try:
        _work(number, queue, out, board, plan)
        status = 0
    finally:
        # Whatever happens, this copy must not go on as if it were the run itself.
        os._exit(status)
    raise AssertionError


def _work(number: int, queue: int, out: int, board: mmap.mmap, plan: _Plan) -> None:
    made: list[tuple[int, Any]] = []
    done = 0
    while taken := os.read(queue, _NUMBER):
        for first, files in plan.batches(int.from_bytes(taken, "big")):
            _tell(board, number, 0, first + 1)
            made += enumerate(plan.work(files), first)
            done += len(files)
            _tell(board, number, 1, done)
            if len(made) >= _SENT:
                _send(out, made)
    _tell(board, number, 0, 0)
    _send(out, made)


def _send(out: int, made: list[tuple[int, Any]]) -> None:
    content = marshal.dumps(made)
    whole = memoryview(len(content).to_bytes(_NUMBER, "big") + content)
    while whole:
        whole = whole[os.write(out, whole) :]
    made.clear()


def _end(worker: _Worker, board: mmap.mmap, plan: _Plan, died: dict[str, str]) -> None:
    """See how a process ended, and on which file if it died; of several, nobody knows on which."""
    os.close(worker.pipe)
    status = worker.wait()
    at = _told(board, worker.number, 0)
    if status and at and plan.batch == 1:
        how = f"signal {-status}" if status < 0 else f"exit code {status}"
        died[plan.files[at - 1]] = f"the process that judged it ended with {how}"


def _tell(board: mmap.mmap, number: int, column: int, value: int) -> None:
    at = (number * 2 + column) * _NUMBER
    board[at : at + _NUMBER] = value.to_bytes(_NUMBER, "big")


def _told(board: mmap.mmap, number: int, column: int) -> int:
    at = (number * 2 + column) * _NUMBER
    return int.from_bytes(board[at : at + _NUMBER], "big")
