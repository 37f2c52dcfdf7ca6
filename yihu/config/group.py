"""Keeps the processes of one installation running together, and ends them together."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from yihu.config.tie import tied_to_parent

GRACE = 15.0  # seconds between asking a process to end and ending it
STEADY = 30.0  # one that ran this long may fail again before it counts as hopeless
MOST_FAILURES = 5
BACK_OFF = 0.5  # seconds before the first new start; each further one waits twice as long


@dataclass
class Member:
    """One process. A lasting one is started again when it dies; the other kind does its work once."""

    name: str
    argv: Sequence[str]
    lasting: bool = True
    then: Callable[[], None] | None = None
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    failures: int = 0
    again_at: float = 0.0

    def start(self) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(self.argv, stdin=subprocess.DEVNULL, preexec_fn=tied_to_parent(signal.SIGTERM))


@dataclass
class Group:
    """All members of the installation; `run` returns the exit code."""

    say: Callable[[str], None]
    members: list[Member] = field(default_factory=list)
    asked_to_end: threading.Event = field(default_factory=threading.Event)

    def add(self, member: Member) -> None:
        self.members.append(member)
        member.start()

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.asked_to_end.set())
        code = 0
        try:
            while not self.asked_to_end.wait(0.1):
                code = self._look_after()
                if code:
                    break
        finally:
            self._end()
        return code

    def _look_after(self) -> int:
        for member in list(self.members):
            if member.process is None:
                if time.monotonic() >= member.again_at:
                    member.start()
                continue
            code = member.process.poll()
            if code is None:
                continue
            if not member.lasting:
                self.members.remove(member)
                if code:
                    self.say(f"{member.name}没有完成（退出码 {code}），程序停止。上面几行写着原因。")
                    return 1
                if member.then:
                    member.then()
            elif not self._start_again_later(member, code):
                return 1
        return 0

    def _start_again_later(self, member: Member, code: int) -> bool:
        ran = time.monotonic() - member.began
        member.failures = 1 if ran > STEADY else member.failures + 1
        member.process = None
        if member.failures > MOST_FAILURES:
            self.say(f"{member.name}连续 {member.failures} 次意外退出（退出码 {code}），程序停止。上面几行写着原因。")
            return False
        wait = BACK_OFF * 2 ** (member.failures - 1)
        member.again_at = time.monotonic() + wait
        self.say(f"{member.name}意外退出（退出码 {code}），{wait:g} 秒后重新启动。")
        return True

    def _end(self) -> None:
        alive = [member.process for member in self.members if member.process and member.process.poll() is None]
        for process in alive:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in alive:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]
