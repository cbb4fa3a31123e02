"""A PostgreSQL of our own for one test run: made from the system's programs, thrown away after."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_SECONDS = 30
SETTINGS = {
    "listen_addresses": "",  # the socket alone: nothing outside this machine's user can reach it
    "fsync": "off",  # the files do not outlive the run
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
}
PR_SET_PDEATHSIG = 1


class NoPostgreSQL(Exception):
    """There is no PostgreSQL server to start here; the text says what is missing."""


def binaries() -> Path:
    """Return the folder of the newest installed server's programs.

    :raises NoPostgreSQL: when none is installed.
    """
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    usable = [folder for folder in folders if (folder / "postgres").exists() and (folder / "initdb").exists()]
    if not usable:
        raise NoPostgreSQL("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return usable[-1]


@contextmanager
def throwaway_cluster() -> Iterator[str]:
    """Yield the URL of an empty database in a cluster that ends with this process, even a killed one.

    :raises NoPostgreSQL: when the programs are missing or the server does not come up.
    """
    programs = binaries()
    # Not under TMPDIR: the path of a Unix socket may not pass 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="changai-pg-", dir="/tmp"))
    try:
        owner = _unprivileged_owner(folder)
        _make_cluster(programs, folder, owner)
        server = _start(programs, folder, owner)
        try:
            _wait_until_ready(programs, folder, server)
            subprocess.run([programs / "createdb", "-h", folder, "changai"], check=True)
            yield f"postgresql:///changai?host={folder}"
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged_owner(folder: Path) -> dict[str, Any]:
    """Return how to run the server as somebody else than root, who may not run it."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    owner = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _make_cluster(programs: Path, folder: Path, owner: dict[str, Any]) -> None:
    # The superuser is named like us, so that a URL without a name connects.
    ourselves = pwd.getpwuid(os.geteuid()).pw_name
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", f"--username={ourselves}"]
    command = [str(programs / "initdb"), "-D", str(folder / "cluster"), *options]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **owner)
    if made.returncode != 0:
        raise NoPostgreSQL(f"initdb failed: {made.stderr}")


def _start(programs: Path, folder: Path, owner: dict[str, Any]) -> subprocess.Popen[str]:
    options = [f"--{name}={value}" for name, value in SETTINGS.items()]
    command = [str(programs / "postgres"), "-D", str(folder / "cluster"), "-k", str(folder), *options]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            text=True,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - the test process has started no thread yet
            **owner,
        )


def _end_with_parent() -> None:
    """Have the kernel stop the server at once when the test process is gone, however it went."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _wait_until_ready(programs: Path, folder: Path, server: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run([programs / "pg_isready", "-q", "-h", folder], check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            raise NoPostgreSQL(f"the server did not start: {(folder / 'log').read_text()[-2000:]}")
        time.sleep(0.05)
