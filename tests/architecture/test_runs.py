"""Runs of the tests: two halves take every file once, and what a run writes goes with it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import folders, parts

START = """
import os, subprocess, sys
import changai.config.settings.test
print(os.environ["CHANGAI_DATA"])
if len(sys.argv) == 1:
    subprocess.run([sys.executable, __file__, "inner"], check=True)
    if os.fork() == 0:
        sys.exit()
    os.wait()
    assert os.path.isdir(os.environ["CHANGAI_DATA"])
"""


def test_every_file_of_tests_is_in_one_half_and_the_halves_weigh_the_same() -> None:
    owners = parts.owners(2)
    found = {
        file
        for folder in parts.FOLDERS
        for file in folder.rglob("test_*.py")
        if not parts.BY_COUNT & set(file.parts)
    }
    assert set(owners) == found
    loads = [sum(parts._weight(file) for file in found if owners[file] == half) for half in (0, 1)]
    assert abs(loads[0] - loads[1]) < sum(loads) / 100


def test_a_half_leaves_out_what_the_other_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path(__file__)
    taken = []
    for half in ("1/2", "2/2"):
        monkeypatch.setenv("CHANGAI_TEST_PART", half)
        taken.append(not parts.leaves_out(file))
    assert sorted(taken) == [False, True]
    monkeypatch.delenv("CHANGAI_TEST_PART")
    assert not parts.leaves_out(file)


def test_the_folders_of_a_run_and_of_what_it_starts_go_with_it(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(START, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHANGAI_")}
    told = subprocess.run(
        [sys.executable, program],
        env={**kept, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    outer, inner = told.stdout.split()
    assert outer != inner
    assert Path(inner).parent.parent == Path(outer).parent
    assert sorted(tmp_path.iterdir()) == [program]


def test_what_a_killed_run_left_is_removed_a_day_later(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(folders, "PLACES", (tmp_path,))
    for name in ("changai-test-old", "changai-pg-old", "changai-bench-old", "changai-test-new", "others"):
        (tmp_path / name / "data").mkdir(parents=True)
    now = time.time()
    for old in tmp_path.glob("*"):
        if old.name != "changai-test-new":
            os.utime(old, (now - folders.A_DAY - 60,) * 2)
    folders.remove_forgotten()
    assert sorted(left.name for left in tmp_path.iterdir()) == ["changai-test-new", "others"]
