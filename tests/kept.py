"""What many tests begin from is made once by real actions; afterwards its rows are laid down again.

On SQLite only: ids there go back with every test, so the same beginning has the same ids. PostgreSQL makes it anew.
"""

import pickle
from collections.abc import Callable
from functools import cache
from typing import NamedTuple, TypeVar

from django.db import connection

T = TypeVar("T")
Rows = dict[str, set[tuple[object, ...]]]
Mark = tuple[str, int, int | None]


class Kept(NamedTuple):
    """The rows that were written, and what the maker returned."""

    rows: Rows
    made: bytes


_kept: dict[tuple[str, tuple[Mark, ...]], Kept] = {}


def kept(make: Callable[[], T], name: str) -> T:
    """Return what `make` makes, from the rows it wrote the last time it started from as many rows.

    `name` tells one maker from another. What `make` keeps outside the database is not kept.
    """
    if connection.vendor != "sqlite":
        return make()
    beginning = (name, tuple(_mark(table) for table in _tables()))
    if beginning not in _kept:
        return _remember(beginning, make)
    found = _kept[beginning]
    with connection.cursor() as cursor:
        for table, rows in found.rows.items():
            places = ", ".join(["%s"] * len(next(iter(rows))))
            statement = f"INSERT OR REPLACE INTO {table} VALUES ({places})"  # noqa: S608 - a name from the schema
            cursor.executemany(statement, list(rows))
    again: T = pickle.loads(found.made)  # noqa: S301 - our own bytes of a moment ago
    return again


def _remember(beginning: tuple[str, tuple[Mark, ...]], make: Callable[[], T]) -> T:
    before = _rows()
    made = make()
    after = _rows()
    # Rows that went away could not be laid down again: such a beginning is made anew each time.
    if all({row[0] for row in before[table]} <= {row[0] for row in after[table]} for table in after):
        written = {table: after[table] - before[table] for table in after}
        _kept[beginning] = Kept({table: rows for table, rows in written.items() if rows}, pickle.dumps(made))
    return made


@cache
def _tables() -> tuple[str, ...]:
    names = connection.introspection.table_names()
    return tuple(sorted(name for name in names if name != "django_migrations"))


def _mark(table: str) -> Mark:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), max(rowid) FROM {table}")  # noqa: S608 - a name from the schema
        count, last = cursor.fetchone()
    return table, count, last


def _rows() -> Rows:
    found = {}
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - a name from the schema
            found[table] = set(cursor.fetchall())
    return found
