"""What every run of pytest here has: the chosen database, and marks that follow from how a test is written.

`CHANGAI_TEST_DATABASE=postgresql` runs the tests on a PostgreSQL cluster of their own; the default is SQLite.
"""

import os
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from tests.postgresql import throwaway_cluster

ON_POSTGRESQL = os.environ.get("CHANGAI_TEST_DATABASE", "sqlite") == "postgresql"


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    # A wrapper runs before pytest-django's own hook, which reads the settings; a conftest.py comes too late.
    if ON_POSTGRESQL and not os.environ.get("CHANGAI_DATABASE_URL"):
        cluster = ExitStack()
        os.environ["CHANGAI_DATABASE_URL"] = cluster.enter_context(throwaway_cluster())
        early_config.add_cleanup(cluster.close)
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    elsewhere = pytest.mark.skip(reason="needs PostgreSQL: set CHANGAI_TEST_DATABASE=postgresql")
    for item in items:
        if "permissions" in item.path.parts:
            item.add_marker("permissions")
        if "db" in getattr(item, "fixturenames", ()) and item.get_closest_marker("django_db") is None:
            item.add_marker("django_db")
        if item.get_closest_marker("postgresql") and not ON_POSTGRESQL:
            item.add_marker(elsewhere)
