"""Many rows at once: what a month of a large city lays out, without the price of one statement a few rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models

# What these fields hold goes to the driver as it is; a moment or a JSON value is prepared by its field.
_PLAIN = (models.CharField, models.TextField, models.DecimalField, models.IntegerField, models.ForeignKey)


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one table, in the caller's transaction. They do not learn their keys: for these `bulk_create`.

    Tens of thousands of rows in about a second: PostgreSQL reads them as a stream, SQLite repeats one prepared
    statement. `bulk_create` writes a new statement for every hundred rows or fewer and needs several times as long.
    """
    if rows:
        meta = rows[0]._meta
        fields = [field for field in meta.concrete_fields if not field.primary_key]
        _write(meta, fields, _prepared(rows, fields))


def insert_values(
    model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[Any, ...]], **same: Any
) -> None:
    """Insert new rows given as the values of the named fields; every other field has the `same` value or its default.

    An instance a row costs more than all else: this is for the tables of hundreds of thousands of rows.

    :raises TypeError: when a named field is not plain
    """
    meta: Any = model._meta
    named = [meta.get_field(name) for name in names]
    if not all(isinstance(field, _PLAIN) for field in named):
        raise TypeError("only plain fields are written as they are")
    others = [field for field in meta.concrete_fields if not field.primary_key and field not in named]
    shared = {meta.get_field(name): value for name, value in same.items()}
    rest = tuple(
        field.get_db_prep_save(shared[field] if field in shared else field.get_default(), connection)
        for field in others
    )
    _write(meta, [*named, *others], (row + rest for row in rows))


def _write(meta: Any, fields: Sequence[Any], rows: Iterable[Sequence[Any]]) -> None:
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copying = f'COPY "{meta.db_table}" ({columns}) FROM STDIN'
            # The driver's own errors become Django's here: `copy` is not one of the methods Django wraps.
            with connection.wrap_database_errors, cursor.copy(copying) as stream:
                for row in rows:
                    stream.write_row(row)
        else:
            places = ", ".join(["%s"] * len(fields))
            statement = f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({places})'  # noqa: S608 - our own names
            cursor.executemany(statement, list(rows))


def update_rows(rows: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Write the named columns of rows of one table, in the caller's transaction, by one statement repeated."""
    if not rows:
        return
    meta = rows[0]._meta
    key: Any = meta.pk
    fields: list[Any] = [meta.get_field(name) for name in columns]
    assigned = ", ".join(f'"{field.column}" = %s' for field in fields)
    statement = f'UPDATE "{meta.db_table}" SET {assigned} WHERE "{key.column}" = %s'  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(_prepared(rows, [*fields, key])))


def _prepared(rows: Iterable[models.Model], fields: Sequence[Any]) -> Iterator[Sequence[Any]]:
    read: Callable[[models.Model], tuple[Any, ...]] = attrgetter(*(field.attname for field in fields))
    others = [(place, field) for place, field in enumerate(fields) if not isinstance(field, _PLAIN)]
    for row in rows:
        values = list(read(row))
        for place, field in others:
            if values[place] is not None:
                values[place] = field.get_db_prep_save(values[place], connection)
        yield values
