"""Halves of a suite that run at once: which files are whose is settled before any of them is imported.

Importing every test takes as long as a tenth of the tests themselves, so each half imports its own only.
"""

import os
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (ROOT / "src", ROOT / "tests")
# Stages of their own, of a few long files that ask one thing of many: their halves are cut by counted tests.
BY_COUNT = {"permissions", "resilience", "journey", "browser"}
_TEST = re.compile(r"^\s*def test_", re.MULTILINE)


def chosen() -> tuple[int, int] | None:
    """Return which part of how many this run takes, counted from 0; None when it takes all."""
    part, _of, parts = os.environ.get("CHANGAI_TEST_PART", "").partition("/")
    return (int(part) - 1, int(parts)) if parts else None


def leaves_out(file: Path) -> bool:
    """Return whether the file belongs to another part of this run."""
    part = chosen()
    return part is not None and owners(part[1]).get(file, part[0]) != part[0]


@cache
def owners(parts: int) -> dict[Path, int]:
    """Return the part of every test file: one after the other goes to the part with the least weight so far."""
    files = [file for folder in FOLDERS for file in folder.rglob("test_*.py")]
    weights = {file: _weight(file) for file in files if not BY_COUNT & set(file.parts)}
    return shared_out(weights, parts)


def shared_out(weights: dict[Path, int], parts: int) -> dict[Path, int]:
    """Return the part of each file, the heaviest first, so that all parts weigh about the same."""
    loads = [0] * parts
    found = {}
    for file, weight in sorted(weights.items(), key=lambda pair: (-pair[1], str(pair[0]))):
        lightest = loads.index(min(loads))
        loads[lightest] += weight
        found[file] = lightest
    return found


def _weight(file: Path) -> int:
    # Long tests and many tests both cost time: a kilobyte weighs as much as a test. Measured: within a tenth.
    text = file.read_text(encoding="utf-8")
    return 1000 * len(_TEST.findall(text)) + len(text)
