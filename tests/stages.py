"""Run every stage of the tests and say what came out; `python3 bootstrap.py test` ends here.

Arguments go to each run of pytest, so that a part can be run alone. The last line sums up all stages.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / ".venv" / "bin"
REPORTS = ROOT / "build" / "test-reports"
NOTHING_SELECTED = 5


class Count(NamedTuple):
    """Outcomes of a stage."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


class Stage(NamedTuple):
    """A stage: how it is run, and what it lacks here ('' when nothing)."""

    title: str
    run: Callable[[], Count]
    lack: str = ""


def main(pytest_arguments: list[str]) -> int:
    shutil.rmtree(REPORTS, ignore_errors=True)
    outcomes = []
    for stage in stages(pytest_arguments):
        print(f"\n===== {stage.title} =====", flush=True)
        start = time.monotonic()
        count = outcome(stage)
        outcomes.append((stage.title, count, time.monotonic() - start))
    print("\n===== all stages =====")
    for title, count, seconds in outcomes:
        print(f"{title:<12} {seconds:5.0f} s   {count}")
    total = Count(*(sum(column) for column in zip(*(count for _, count, _ in outcomes), strict=True)))
    print(total, flush=True)
    return 0 if total.passed and not total.failed else 1


def stages(pytest_arguments: list[str]) -> list[Stage]:
    alone = partial(run_pytest, extra=pytest_arguments)
    halves = partial(run_halves, extra=pytest_arguments)
    fast = "not browser and not postgresql and not permissions and not resilience"
    again = "(django_db or postgresql) and not browser and not permissions"
    return [
        Stage("lint", run_linters),
        Stage("fast", partial(halves, "fast", fast)),
        Stage("resilience", partial(halves, "resilience", "resilience and not postgresql and not browser")),
        Stage("postgresql", partial(halves, "postgresql", again, "postgresql"), lack_of_postgresql()),
        Stage("permissions", partial(halves, "permissions", "permissions and not browser")),
        Stage("browser", partial(alone, "browser", "browser"), lack_of_browser()),
    ]


def outcome(stage: Stage) -> Count:
    """Return what a stage came to; one that cannot run is skipped, but a failure where all must run."""
    if not stage.lack:
        return stage.run()
    print(f"not run: {stage.lack}")
    return Count(failed=1) if os.environ.get("CI") == "true" else Count(skipped=1)


def lack_of_postgresql() -> str:
    found = shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return "" if found else "PostgreSQL is not installed (Debian: apt-get install postgresql)"


def lack_of_browser() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return "" if found else "Chromium is not installed (Debian: apt-get install chromium)"


def run_linters() -> Count:
    checks = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy", "src", "bootstrap.py"],
        ["lint-imports", "--no-logo"],
    ]
    if "djlint" in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]:
        checks += [["djlint", "src", "--check", "--quiet"], ["djlint", "src", "--lint", "--quiet"]]
    failed = 0
    with ThreadPoolExecutor() as pool:
        # One core is idle meanwhile: the database that every later run on SQLite begins from is migrated on it.
        pool.submit(returned, [sys.executable, "-m", "tests.migrated"])
        for program, *arguments in checks:
            print(f"$ {program} {' '.join(arguments)}", flush=True)
            failed += returned([str(PROGRAMS / program), *arguments]) != 0
    return Count(len(checks) - failed, failed)


def run_halves(name: str, selection: str, database: str = "sqlite", *, extra: list[str]) -> Count:
    """Run a suite as two halves at once, each with a database of its own; the second tells when both are done."""
    log = REPORTS / f"{name}-2.log"
    REPORTS.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor() as pool, log.open("wb") as told:
        half = partial(run_pytest, selection=selection, database=database, extra=extra)
        second = pool.submit(half, f"{name}-2", part="2/2", told=told)
        first = half(f"{name}-1", part="1/2")
        halves = (first, second.result())
    print(log.read_text(encoding="utf-8", errors="replace"), flush=True)
    return Count(*(sum(column) for column in zip(*halves, strict=True)))


def run_pytest(
    name: str,
    selection: str,
    *,
    extra: list[str],
    database: str = "sqlite",
    part: str = "",
    told: BinaryIO | None = None,
) -> Count:
    report = REPORTS / f"{name}.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-m", selection, f"--junitxml={report}", *extra]
    code = returned(command, told, CHANGAI_TEST_DATABASE=database, CHANGAI_TEST_PART=part)
    count = read_report(report)
    if code == NOTHING_SELECTED and extra:
        return count  # the caller asked for a part of which this stage has no test
    return count._replace(failed=1) if code != 0 and not count.failed else count


def read_report(report: Path) -> Count:
    """Return the counts that pytest wrote down; none at all when it broke off before writing."""
    if not report.exists():
        return Count()
    head = re.search(r"<testsuite [^>]*>", report.read_text(encoding="utf-8"))
    found = dict(re.findall(r' (tests|errors|failures|skipped)="(\d+)"', head.group() if head else ""))
    tests, errors, failures, skipped = (
        int(found.get(key, 0)) for key in ("tests", "errors", "failures", "skipped")
    )
    return Count(tests - errors - failures - skipped, errors + failures, skipped)


def returned(command: list[str], told: BinaryIO | None = None, **variables: str) -> int:
    """Run a command and return its exit code; what it says goes to `told` when that is given."""
    # Six runs read the same sources: what one has compiled, and which asserts it has rewritten, is kept for the next.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **variables}
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=told,
        stderr=told and subprocess.STDOUT,
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
