"""Share work on many numbers between the processor's cores, and no digit depends on how many."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

Result = TypeVar("Result")

# numpy lets other threads run while it works on a stack, but only on one of more than 500.
STACK = 512

# From so many chunks on, threads that share them gain more than it takes to start them.
SHARED = 8


def in_chunks(
    work: Callable[[int, np.ndarray], Result], n: int, *, size: int, room: tuple[int, ...]
) -> list[Result]:
    """Return what `work(start, room)` returns for each chunk of `size` of `n` points, in order.

    :param work: of the chunk that begins at point `start`; it may write into an array of shape
        `room`, which no other thread has meanwhile.

    The borders of the chunks are fixed, whoever works on them. What `work` raises is raised, for
    the first chunk if for several, and the rest is left undone.
    """
    starts = range(0, n, size)
    if len(starts) == 1:
        return [work(0, np.empty(room))]
    threads = count() if len(starts) >= SHARED else 1
    todo = deque(starts)
    found: dict[int, Result | BaseException] = {}

    def take(own: np.ndarray) -> None:
        while todo:
            try:
                start = todo.popleft()
            except IndexError:  # another thread was quicker
                return
            try:
                found[start] = work(start, own)
            except BaseException as error:
                # What lies before it has been taken, and what is left need not be.
                found[start] = error
                todo.clear()

    # The caller works as well: to start a thread takes as long as a chunk or two.
    first, *others = [np.empty(room) for _ in range(threads)]
    if others:
        with ThreadPoolExecutor(len(others)) as pool:
            # At the end of a program no thread can be started, and the caller does all.
            with contextlib.suppress(RuntimeError):
                for own in others:
                    pool.submit(take, own)
            take(first)
    else:
        take(first)
    results = []
    for _, result in sorted(found.items()):
        if isinstance(result, BaseException):
            raise result
        results.append(result)
    return results


def count() -> int:
    """Return how many cores of the processor this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1
