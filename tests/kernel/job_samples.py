"""Jobs that the tests of background work run, here and in worker processes."""

import os
import time
from collections.abc import Sequence as Slice
from pathlib import Path

from django.db import transaction
from django.db.models import F

from yihu.kernel.authority import authority
from yihu.kernel.doors import command
from yihu.kernel.jobs import checkpoint, current_task_id, in_chunks, job
from yihu.kernel.models import Sequence
from yihu.kernel.models.jobs import Progress

SAID: list[str] = []
LONGEST = 40.0  # seconds after which a sample gives up waiting for its test


@job()
def say(word: str) -> str:
    SAID.append(word)
    return word


@job()
def say_and_go_on(words: list[str]) -> None:
    SAID.append(words[0])
    if words[1:]:
        say_and_go_on.enqueue(words=words[1:])


@job()
def say_own_id() -> None:
    SAID.append(current_task_id())


@job(retries=2)
def fail_over(contact: str) -> None:
    try:
        int(contact)
    except ValueError as error:
        raise LookupError(f"no such party: {contact}") from error


@job(retries=1)
def fail_once() -> None:
    SAID.append("try")
    if SAID.count("try") == 1:
        raise OSError("the line is busy")


@job()
def answer_with_an_object() -> object:
    return object()


@job()
def sign_in(folder: str) -> None:
    line(folder, "attempts")
    time.sleep(0.02)


@job()
def read_figure(key: str) -> int:
    return Sequence.objects.get(key=key).last


@job(retries=3)
def pay_once(folder: str, hold: str) -> None:
    """As every job should: by 系统, and the task's id is the command's key. ``hold`` is where to wait to be killed."""
    line(folder, "attempts")
    with command(by=authority().system(), key=current_task_id(), verb="pay") as paying:
        if not paying.replayed:
            paying.note(paying.book("test.till", 1), "付款")
        if hold == "before the commit":
            wait_here(folder)
    if hold == "after the commit":
        wait_here(folder)


@job(retries=3)
def write_at_length(pages: int) -> None:
    with command(by=authority().system(), key=current_task_id(), verb="write") as writing:
        if not writing.replayed:
            for page in range(pages):
                writing.note(writing.book("test.novel", page), "页" * 900)


@job()
def finish_slowly(folder: str) -> None:
    line(folder, "attempts")
    time.sleep(1.5)


@job()
def never_look_up(folder: str) -> None:
    line(folder, "attempts")
    wait_here(folder)


@job()
def look_up_often(folder: str) -> None:
    line(folder, "attempts")
    while held(folder):
        checkpoint()
        time.sleep(0.05)


@job(retries=3)
def count_up(upto: int, stumble_at: int = 0, overtaken_at: int = 0) -> None:
    def write(numbers: Slice[int]) -> None:
        row, _ = Sequence.objects.get_or_create(key="counted")
        if stumble_at in numbers and not SAID:
            SAID.append("stumbled")
            raise OSError("the disk is full")
        if overtaken_at in numbers:
            Progress.objects.filter(pk=current_task_id()).update(done=upto)
        Sequence.objects.filter(pk=row.pk).update(last=F("last") + sum(numbers))

    in_chunks(range(1, upto + 1), write, sentence="正在计数")


@job()
def count_up_in_one_go(upto: int) -> None:
    with transaction.atomic():
        in_chunks(range(upto), list)


def line(folder: str, name: str) -> None:
    """One short write with O_APPEND: processes do not cut into each other's lines."""
    file = os.open(Path(folder) / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(file, f"{current_task_id()}\n".encode())
    os.close(file)


def wait_here(folder: str) -> None:
    line(folder, "arrived")
    deadline = time.monotonic() + LONGEST
    while held(folder) and time.monotonic() < deadline:
        time.sleep(0.05)


def held(folder: str) -> bool:
    return (Path(folder) / "hold").exists()
