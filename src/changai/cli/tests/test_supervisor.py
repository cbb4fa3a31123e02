"""Real programs are started, die, are started again and stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from changai.cli.supervisor import GaveUp, Program, keep_running, stop_requests
from changai.cli.tether import tethered

SLEEPING = "import time; time.sleep(60)"


def program(name: str, source: str) -> Program:
    return Program(name, [sys.executable, "-c", source])


def stop_ourselves() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def wait_until(is_so: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_so()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_programs_stop_when_the_parent_is_asked_to() -> None:
    sleeper = program("甲", SLEEPING)
    told: list[str] = []
    keep_running([sleeper], is_ready=lambda: True, announce=stop_ourselves, tell=told.append)
    assert sleeper.process is not None
    assert sleeper.process.returncode == -signal.SIGTERM
    assert told == []


def test_what_dies_is_started_again(tmp_path: Path) -> None:
    lives = tmp_path / "lives"
    source = f"open({str(lives)!r}, 'a').write('x'); import sys; sys.exit(3)"
    told: list[str] = []
    keep_running(
        [program("甲", source)],
        is_ready=lambda: lives.exists() and len(lives.read_text()) == 2,
        announce=stop_ourselves,
        tell=told.append,
    )
    assert told[0] == "甲退出（代码 3），1 秒后重新启动 · ended, starts again in 1 s"


def test_one_that_never_comes_up_is_given_up_and_the_other_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("changai.cli.supervisor.LONGEST_DELAY_SECONDS", 0)
    sleeper = program("乙", SLEEPING)
    programs = [program("甲", "import sys; sys.exit(1)"), sleeper]
    with pytest.raises(GaveUp, match="甲无法启动"):
        keep_running(programs, is_ready=lambda: False, announce=stop_ourselves, tell=lambda _: None)
    assert sleeper.process is not None
    assert sleeper.process.returncode is not None


def test_a_site_that_never_answers_is_given_up() -> None:
    with pytest.raises(GaveUp, match="没有正常答复"):
        keep_running(
            [program("甲", SLEEPING)],
            is_ready=lambda: False,
            announce=stop_ourselves,
            tell=lambda _: None,
            ready_within_seconds=0.5,
        )


def test_one_that_ignores_the_order_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("changai.cli.supervisor.STOP_SECONDS", 0.5)
    ready = tmp_path / "ready"
    source = (
        f"import signal; signal.signal(15, signal.SIG_IGN); open({str(ready)!r}, 'w').close(); {SLEEPING}"
    )
    stubborn = program("甲", source)
    keep_running([stubborn], is_ready=ready.exists, announce=stop_ourselves, tell=lambda _: None)
    assert stubborn.process is not None
    assert stubborn.process.returncode == -signal.SIGKILL


def test_a_program_does_not_outlive_a_killed_parent() -> None:
    command = [sys.executable, "-c", SLEEPING]
    source = (
        "import subprocess; from changai.cli.tether import tethered;"
        f"print(subprocess.Popen(tethered({command!r})).pid, flush=True); {SLEEPING}"
    )
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        # Until the program itself runs, the tether may not be tied yet.
        assert wait_until(lambda: b"tether" not in Path(f"/proc/{child}/cmdline").read_bytes())
        parent.kill()
    assert wait_until(lambda: not is_alive(child))


def test_a_tether_names_its_parent() -> None:
    assert tethered(["/bin/true"])[-2:] == [str(os.getpid()), "/bin/true"]


def test_what_the_caller_ignores_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as `nohup` does
    try:
        with stop_requests() as stop:
            os.kill(os.getpid(), signal.SIGHUP)
        assert stop.received == []
    finally:
        signal.signal(signal.SIGHUP, before)
