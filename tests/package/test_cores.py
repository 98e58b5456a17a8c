"""Work that cores share: in order, whole, and over as soon as something is wrong."""

import threading
import time

import numpy as np
import pytest

from linreg.cores import SHARED, in_chunks


@pytest.fixture(params=[1, 2, 5], ids="{} cores".format, autouse=True)
def cores(request, monkeypatch):
    monkeypatch.setattr("linreg.cores.count", lambda: request.param)
    return request.param


@pytest.mark.parametrize("n", [0, 1, 9, 10, 11, 70, 71, 10 * SHARED + 3])
def test_each_chunk_is_worked_on_once_and_comes_in_its_place(n):
    def work(start: int, room: np.ndarray) -> int:
        # The first of any two neighbours is done last.
        time.sleep(0.002 if start % 20 == 0 else 0)
        return start

    assert in_chunks(work, n, size=10, room=(3,)) == list(range(0, n, 10))


def test_no_two_threads_have_one_room_at_a_time():
    busy, lock = set(), threading.Lock()

    def work(start: int, room: np.ndarray) -> int:
        with lock:
            assert id(room) not in busy
            busy.add(id(room))
        room[:] = start
        time.sleep(0.001)
        assert (room == start).all()
        with lock:
            busy.remove(id(room))
        return start

    assert len(in_chunks(work, 40, size=1, room=(2,))) == 40


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt])
def test_the_first_that_fails_is_raised_and_the_rest_left_undone(kind):
    begun = []

    def work(start: int, room: np.ndarray) -> None:
        begun.append(start)
        time.sleep(0.001)
        if start in (20, 33, 900):
            raise kind(start)

    with pytest.raises(kind, match=r"^20$"):
        in_chunks(work, 1000, size=1, room=(1,))
    assert len(begun) < 100


def test_no_thread_is_left():
    before = threading.active_count()
    in_chunks(lambda start, room: None, 100, size=1, room=(1,))
    assert threading.active_count() == before


def test_the_caller_does_all_where_no_thread_can_be_started(monkeypatch):
    def refuse(*_):
        raise RuntimeError("cannot schedule new futures after interpreter shutdown")

    monkeypatch.setattr("concurrent.futures.ThreadPoolExecutor.submit", refuse)
    assert in_chunks(lambda start, room: start, 100, size=1, room=(1,)) == list(range(100))
