"""The worker of a long import dies at its Nth statement or commit, for every N: the next one goes on, exactly once."""

import json
import os
import tempfile
from pathlib import Path

import pytest

from tests.resilience.test_killed_import import run

SWEEPING = "import django; django.setup(); from tests.resilience.dying_workers import main; main()"


@pytest.mark.skipif(os.environ.get("CHANGAI_DATABASE_URL", "") != "", reason="kills a worker on SQLite")
def test_f0_f2_killed_at_every_statement_nothing_comes_twice_and_nothing_is_lost(tmp_path: Path) -> None:
    memory = Path("/dev/shm")  # noqa: S108 - a dead process loses no memory: hundreds of commits need no disk
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as folder:
        checking, taking = json.loads(run(SWEEPING, Path(folder)).splitlines()[-1])
    assert checking > 15
    assert taking > 20
