"""A programme of its own: a city on SQLite whose import worker dies at each statement in turn, as `kill -9` has it.

Run by `test_killed_at_each_statement.py`. A worker is forked for each N; the next one finishes what is left; then the
database is put back to where it began.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

ROWS = 3
Order = Callable[[], object]
CHECKED = {
    "SELECT status FROM history_import": "checked",
    "SELECT count(*) FROM history_row": ROWS,
    "SELECT count(DISTINCT number) FROM history_row": ROWS,
    "SELECT count(*) FROM fact": 0,
    "SELECT count(*) FROM audit_event WHERE act = 'history.check'": 1,
}
TAKEN = {
    "SELECT status FROM history_import": "taken",
    "SELECT count(*) FROM fact": ROWS,
    "SELECT count(*) FROM fact WHERE is_current": ROWS,
    "SELECT count(DISTINCT month) FROM fact": ROWS,
    "SELECT sum(value) FROM fact": ROWS * (ROWS + 1) // 2,
    "SELECT count(*) FROM audit_event WHERE act = 'history.finish'": 1,
}


def main() -> None:
    """Print at how many steps the worker died while checking and while taking over."""
    from changai.areas.facts.actions import history
    from changai.areas.facts.models import HistoryImport

    history.CHUNK = 2
    office = _founded()
    checking = _swept(CHECKED)
    batch = HistoryImport.objects.get()
    history.order_taking(
        office, batch.pk, content_digest=batch.content_digest, replacing=False, at=timezone.now()
    )
    print(json.dumps([checking, _swept(TAKEN)]))


def _founded() -> Any:
    from changai.areas.facts.actions.history import bring_history
    from changai.areas.facts.tests.history_files import csv
    from changai.areas.facts.tests.make import actor_of, make_field, make_unit
    from changai.foundation.actors import Role

    office = actor_of(Role.OFFICE_OFFICER, name="办公室甲")
    unit, field = make_unit("甲县"), make_field("trained", name="培训人次")
    first = (unit.code, unit.name, field.code, field.name, field.unit_of_measure)
    content = csv([(*first, f"2024-{number:02d}", number, "") for number in range(1, ROWS + 1)])
    bring_history(office, name="a.csv", content=content, expected_rows=ROWS, at=timezone.now())
    return office


def _swept(whole: Mapping[str, object]) -> int:
    place = Path(settings.DATABASES["default"]["NAME"])
    beginning = place.with_suffix(".beginning")
    connection.close()
    with closing(sqlite3.connect(place)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(place, beginning)
    number, code = 0, 137
    while code == 137:
        for ending in ("-wal", "-shm"):
            place.with_name(place.name + ending).unlink(missing_ok=True)
        shutil.copy(beginning, place)
        number += 1
        code = _forked(lambda number=number: _die_at(number))  # type: ignore[misc]
        shown = _asked(place, "SELECT count(*) FROM fact WHERE is_current")
        assert shown in (0, ROWS), f"{shown} of {ROWS} figures are seen after step {number}"
        assert _forked(_go_on) == 0
        found = {sql: _asked(place, sql) for sql in whole}
        assert found == whole, f"died at step {number}"
    assert code == 0
    return number - 1


def _forked(work: Order) -> int:
    """Carry out work in a process of its own and return its exit code."""
    connection.close()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            connection.close()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _die_at(number: int) -> None:
    """Work, and die at the statement or commit `number` counted from 1; a commit is a step before and one after."""
    from changai.areas.facts.jobs import work_on_history

    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done == number:
            os._exit(137)

    def execute(call: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's
        step()
        return call(sql, params, many, context)

    commit = connection._commit

    def committing() -> None:
        step()
        commit()
        step()

    connection._commit = committing
    with connection.execute_wrapper(execute):
        work_on_history(timezone.now())


def _go_on() -> None:
    from changai.areas.facts.jobs import work_on_history
    from changai.foundation.audit.verifier import verify_chain

    work_on_history(timezone.now())
    assert verify_chain().is_whole


def _asked(place: Path, sql: str) -> Any:
    with closing(sqlite3.connect(place, timeout=10)) as database:
        return database.execute(sql).fetchone()[0]
