"""Keep programs running: start them, start again what dies, and stop all of them when told to."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from changai.cli.tether import tethered

PAUSE_SECONDS = 0.2
STOP_SECONDS = 8
LONGEST_DELAY_SECONDS = 30
SETTLED_SECONDS = 60  # one that lived this long starts afresh, without the delays of earlier deaths
TRIES_BEFORE_READY = 3


class GaveUp(Exception):
    """The programs do not come up; the text says which and how."""


@dataclass
class Program:
    """A program to keep running, with the file descriptors it inherits."""

    name: str
    command: list[str]
    descriptors: tuple[int, ...] = ()
    deaths: int = 0
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 - the command is ours
            tethered(self.command), pass_fds=self.descriptors, stdin=subprocess.DEVNULL
        )
        self.started_at = time.monotonic()

    def see_to(self, tell: Callable[[str], None]) -> None:
        """Start again what died, later each time it dies."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.deaths = 1 if now - self.started_at > SETTLED_SECONDS else self.deaths + 1
        delay = min(2 ** (self.deaths - 1), LONGEST_DELAY_SECONDS)
        self.process, self.due_at = None, now + delay
        tell(f"{self.name}退出（代码 {code}），{delay} 秒后重新启动 · ended, starts again in {delay} s")


@dataclass
class StopRequest:
    """Whether somebody asked this process to stop."""

    received: list[int] = field(default_factory=list)

    def note(self, number: int, _frame: FrameType | None) -> None:
        self.received.append(number)


def keep_running(
    programs: list[Program],
    *,
    is_ready: Callable[[], bool],
    announce: Callable[[], None],
    tell: Callable[[str], None],
    ready_within_seconds: float = 120,
) -> None:
    """Run the programs until a signal asks to stop; call `announce` once they are ready.

    :raises GaveUp: when they are not ready in time, or one of them keeps dying before.
    """
    with stop_requests() as stop:
        try:
            deadline = time.monotonic() + ready_within_seconds
            announced = False
            while not stop.received:
                for program in programs:
                    program.see_to(tell)
                if not announced:
                    _give_up_on_hopeless(programs, deadline)
                    if is_ready():
                        announce()
                        announced = True
                time.sleep(PAUSE_SECONDS)
        finally:
            _stop(programs, stop)


def _give_up_on_hopeless(programs: list[Program], deadline: float) -> None:
    for program in programs:
        if program.deaths >= TRIES_BEFORE_READY:
            raise GaveUp(f"{program.name}无法启动，原因见上 · does not start, see above")
    if time.monotonic() > deadline:
        raise GaveUp("网站在规定时间内没有正常答复，原因见上 · the site does not answer, see above")


@contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Note the signals that ask to stop instead of dying of them; what `nohup` ignores stays so."""
    stop = StopRequest()
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    heard = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, stop.note) for number in heard}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(programs: list[Program], stop: StopRequest) -> None:
    """Ask all programs to end, wait a little, and kill what is left; a second signal ends the patience."""
    running = [program.process for program in programs if program.process is not None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    signals = len(stop.received)
    while any(process.poll() is None for process in running):
        if time.monotonic() > deadline or len(stop.received) > max(signals, 1):
            for process in running:
                process.kill()
        time.sleep(PAUSE_SECONDS / 4)
