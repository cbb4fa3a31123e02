"""The product as it runs for people: `changai run` in processes of its own, on a data folder of its own."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLOCK = Path(__file__).with_name("clock")
START_SECONDS = 90
FOUNDING_SECONDS = 600
SETTLED_BY_TESTS = (
    "CHANGAI_DATABASE_URL",
    "CHANGAI_TEST_DATA",
    "CHANGAI_TEST_DATABASE",
    "CHANGAI_DEMONSTRATION",
)


def surroundings(folder: Path) -> dict[str, str]:
    """Return the environment of an installation on `folder`, free of what this test run has set."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTLED_BY_TESTS}
    kept |= {"CHANGAI_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "changai.config.settings.base"}
    return kept


def begin_founding(what: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start filling an empty data folder (see `tests.browser.founding`) and return the running program."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "founding.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.browser.founding", what],
            cwd=ROOT, env=surroundings(folder), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip


def end_founding(program: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until the folder is filled; fail with the program's own words when it could not be."""
    if program.wait(timeout=FOUNDING_SECONDS):
        raise RuntimeError((folder / "founding.log").read_text(encoding="utf-8")[-3000:])


@contextmanager
def running(folder: Path, *, days_later: int = 0) -> Iterator[str]:
    """Run the product on a filled data folder, with its clock that many days ahead; give its address."""
    port = _free_port()
    around = surroundings(folder)
    if days_later:
        paths = [str(CLOCK), *filter(None, [os.environ.get("PYTHONPATH")])]
        around |= {"CHANGAI_TEST_DAYS_LATER": str(days_later), "PYTHONPATH": os.pathsep.join(paths)}
    with (folder / "run.log").open("wb") as log:
        program = subprocess.Popen(
            [sys.executable, "-m", "changai.cli.main", "run", "--data", str(folder), "--port", str(port)],
            cwd=ROOT, env=around, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait_for(port, program, folder / "run.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            program.terminate()
            program.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(port: int, program: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and program.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/sign-in/")
            if connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise RuntimeError(log.read_text(encoding="utf-8")[-3000:])
