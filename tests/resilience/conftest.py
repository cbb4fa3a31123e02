"""Lets the test database be emptied between tests: the audit log refuses that, as it should, even when truncated.

And gives programmes that are killed a database of their own, migrated already.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection


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
        pytest.skip("copies the test database of SQLite")
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        with closing(sqlite3.connect(Path(folder) / "changai.sqlite3")) as copy, connection.cursor() as own:
            _copied(own, copy)
        yield Path(folder)


def _copied(own: Any, copy: sqlite3.Connection) -> None:
    """Copy tables, rows, then what watches over them; a backup would wait for the test's transaction to end."""
    own.execute("SELECT type, name, sql FROM sqlite_master WHERE sql <> '' AND name NOT LIKE 'sqlite_%%'")
    parts = own.fetchall()
    for _kind, name, sql in [part for part in parts if part[0] == "table"]:
        copy.execute(sql)
        own.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - the names of our own tables
        if rows := own.fetchall():
            places = ",".join("?" * len(rows[0]))
            copy.executemany(f'INSERT INTO "{name}" VALUES ({places})', rows)  # noqa: S608
    for sql in [sql for kind, _name, sql in parts if kind != "table"]:
        copy.execute(sql)
    copy.commit()
