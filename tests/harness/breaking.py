"""Breaks commands on purpose: at each statement they send, by a crash, or by somebody else who gets in between.

A *door* is a function that sends one command with a fixed key. The crash harness runs it once for each statement it
sends, lets the process "die" there (the connection goes away with the transaction open), sends the same command again,
and asks whether the world is as if nothing had happened. The preemption harness stops one command at each of its
statements and runs another in between, on a connection of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections, connection, connections

Door = Callable[[], Any]
SECONDS = 20


class Died(BaseException):
    """The process is gone: nothing after this point runs, not even an ``except Exception``."""


def die_at(number: int, door: Door) -> bool:
    """Run the door and die before its statement ``number`` (from 1). False where it sent fewer and came through."""
    sent = 0

    def fall(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal sent
        sent += 1
        if sent == number:
            raise Died
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(fall):
            door()
    except Died:
        connection.close()  # as a dead process leaves it: the database rolls back what was not committed
        return True
    return False


def in_between(number: int, door: Door, other: Door) -> tuple[str, str]:
    """Run ``door``; before its statement ``number`` let ``other`` run in a thread with its own connection.

    Where ``other`` has to wait for a lock that ``door`` holds, ``door`` goes on and ``other`` comes after it. Gives what
    became of each: "done", "not reached", or the name of the error.
    """
    sent = 0
    fate = {"other": "not reached"}
    thread: threading.Thread | None = None

    def run_other() -> None:
        try:
            other()
            fate["other"] = "done"
        except Exception as error:
            fate["other"] = type(error).__name__
        finally:
            connections.close_all()

    def pause(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal sent, thread
        sent += 1
        if sent == number:
            thread = threading.Thread(target=run_other)
            thread.start()
            thread.join(0.15)  # long enough to run through where nothing blocks it; else the lock decides the order
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(pause):
            door()
        fate["door"] = "done"
    except Exception as error:
        fate["door"] = type(error).__name__
    if thread is not None:
        thread.join(SECONDS)
        assert not thread.is_alive(), "the other command never ended"
    close_old_connections()
    return fate["door"], fate["other"]


def just_before(words: str, other: Door, door: Door) -> Any:
    """Run ``door``; what ``other`` does has just been done when ``door`` first sends a statement with these words in it.

    Both on one connection, without waiting for each other: for what a door that holds no lock may find to have changed.
    """
    waiting = [other]

    def pause(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if waiting and words in sql:
            waiting.pop()()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(pause):
        found = door()
    assert not waiting, f"{words} was never sent"
    return found


def at_once(count: int, door: Callable[[int], Any]) -> list[str]:
    """``count`` people at the same moment, each in a thread; what became of each."""
    ready = threading.Barrier(count)
    fates = [""] * count

    def run(index: int) -> None:
        try:
            ready.wait(SECONDS)
            door(index)
            fates[index] = "done"
        except Exception as error:
            fates[index] = type(error).__name__
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert not any(thread.is_alive() for thread in threads), "somebody never got an answer"
    return fates
