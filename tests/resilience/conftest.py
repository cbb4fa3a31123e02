"""Lets the test database be emptied between tests: the audit log refuses that, as it should, even when truncated."""

from collections.abc import Iterator

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
