"""Workers: files judged in several processes, which begin as copies of this one."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from dativo_lint.documents.tracked_folder import Dependencies
from dativo_lint.engine.engine import Engine, Judged
from dativo_lint.engine.selection import Request
from dativo_lint.findings.file_results import failed

_MOST = 64
_AHEAD = 2
"""Batches that are handed out for each process, so that none waits for the next."""
_DIED = "the worker process died"

Batch = Sequence[Request]
_Result = tuple[list[Judged], int]
"""The result of a batch, and its number of files; those that were read for jobs come last."""


def judge_in_processes(
    engine: Engine, batches: Sequence[Batch], processes: int
) -> Iterator[_Result]:
    """Judge batches of files in several processes.

    Where a process dies, the files that were handed out then are judged again one by one, each in a
    process of its own: so it is known on which it dies, and all the rest is judged.
    """
    waiting = deque(batches)
    while waiting:
        doubtful: list[Batch] = []
        yield from _judge_until_one_dies(engine, waiting, min(processes, _MOST), doubtful)
        for batch in doubtful:
            for request in batch:
                yield _judge_alone(engine, request)


def _judge_until_one_dies(
    engine: Engine, waiting: deque[Batch], processes: int, doubtful: list[Batch]
) -> Iterator[_Result]:
    """Judge what waits; batches without a result when a process dies are doubtful."""
    pool = _pool(engine, processes)
    running: dict[Future[list[Judged]], Batch] = {}
    try:
        while (waiting and not doubtful) or running:
            while waiting and not doubtful and len(running) < processes * _AHEAD:
                batch = waiting.popleft()
                try:
                    running[pool.submit(_judge, batch)] = batch
                except BrokenProcessPool:
                    doubtful.append(batch)
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                batch = running.pop(future)
                if future.exception() is None:
                    yield future.result(), len(batch)
                else:
                    doubtful.append(batch)
    finally:
        pool.shutdown(cancel_futures=True)


def _judge_alone(engine: Engine, request: Request) -> _Result:
    with _pool(engine, 1) as pool:
        future = pool.submit(_judge, [request])
        if future.exception() is None:
            return future.result(), 1
    return [Judged(request, failed(request.path, _DIED), Dependencies())], 1


class _Worker:
    """What a process that was started here judges with."""

    engine: Engine


def _pool(engine: Engine, processes: int) -> ProcessPoolExecutor:
    context = get_context("fork")
    return ProcessPoolExecutor(processes, context, initializer=_start, initargs=(engine,))


def _start(engine: Engine) -> None:
    _Worker.engine = engine
    # Who interrupts a run means the first process, which ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _judge(batch: Batch) -> list[Judged]:
    return _Worker.engine.judge(batch)
