"""Lets the test database be emptied between tests: the audit log refuses that, as it should, even when truncated.

And gives programmes that are killed a database of their own, migrated already.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.migrated import kept_file


def _set_guard(state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE audit_event {state} TRIGGER USER")


@pytest.fixture(autouse=True)
def _guard_the_log_during_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    request.getfixturevalue("transactional_db")
    _set_guard("ENABLE")
    yield
    _set_guard("DISABLE")


@pytest.fixture
def own_folder(db: None) -> Iterator[Path]:
    """A data folder with an empty, migrated database, in memory where there is such a place.

    A killed process loses nothing that is in memory, and hundreds of commits need no disk.
    """
    if connection.vendor != "sqlite":
        pytest.skip("copies the migrated test database of SQLite")
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        shutil.copy(kept_file(), Path(folder) / "changai.sqlite3")
        yield Path(folder)
