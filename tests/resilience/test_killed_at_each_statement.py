"""The worker of a long import dies at its Nth statement or commit, for every N: the next one goes on, exactly once."""

import json
from pathlib import Path

import pytest

from tests.resilience.test_killed_import import run

SWEEPING = "import django; django.setup(); from tests.resilience.dying_workers import main; main()"


@pytest.mark.django_db
def test_f0_f2_killed_at_every_statement_nothing_comes_twice_and_nothing_is_lost(own_folder: Path) -> None:
    checking, taking = json.loads(run(SWEEPING, own_folder).splitlines()[-1])
    assert checking > 15
    assert taking > 20
