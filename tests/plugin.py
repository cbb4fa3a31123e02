"""What every run of pytest here has: the chosen database, and marks that follow from how a test is written.

`CHANGAI_TEST_DATABASE=postgresql` runs the tests on a PostgreSQL cluster of their own; the default is SQLite.
`CHANGAI_TEST_PART=1/2` runs the first half of the files, so that two halves can run at once (`tests/parts.py`).
"""

import os
from collections import Counter
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest

from tests.folders import remove_forgotten
from tests.migrated import begin_migrated, keep_migrated
from tests.parts import BY_COUNT, chosen, leaves_out, shared_out
from tests.postgresql import throwaway_cluster

MARKED_FOLDERS = {"permissions": "permissions", "resilience": "resilience", "journey": "resilience"}
ON_POSTGRESQL = os.environ.get("CHANGAI_TEST_DATABASE", "sqlite") == "postgresql"


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    # A wrapper runs before pytest-django's own hook, which reads the settings; a conftest.py comes too late.
    if ON_POSTGRESQL and not os.environ.get("CHANGAI_DATABASE_URL"):
        cluster = ExitStack()
        os.environ["CHANGAI_DATABASE_URL"] = cluster.enter_context(throwaway_cluster())
        early_config.add_cleanup(cluster.close)
    return (yield)


def pytest_sessionstart() -> None:
    remove_forgotten()
    # How long a draw takes is no property of the programme: a machine with other work to do is no fault.
    slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("at_any_speed", deadline=None, suppress_health_check=slow)
    hypothesis.settings.load_profile("at_any_speed")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    return True if collection_path.suffix == ".py" and leaves_out(collection_path) else None


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
    if fixturedef.argname != "django_db_setup" or ON_POSTGRESQL:
        return (yield)
    held = begin_migrated()
    made = yield
    keep_migrated(held)
    return made


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, None, None]:
    _mark(items)
    outcome = yield  # here others leave out what was not asked for
    _keep_part(config, items)
    return outcome


def _mark(items: list[pytest.Item]) -> None:
    elsewhere = pytest.mark.skip(reason="needs PostgreSQL: set CHANGAI_TEST_DATABASE=postgresql")
    for item in items:
        for folder, mark in MARKED_FOLDERS.items():
            if folder in item.path.parts:
                item.add_marker(mark)
        if "db" in getattr(item, "fixturenames", ()) and item.get_closest_marker("django_db") is None:
            item.add_marker("django_db")
        if item.get_closest_marker("postgresql") and not ON_POSTGRESQL:
            item.add_marker(elsewhere)


def _keep_part(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the files of this part; those of the stages that are cut by counted tests are shared out here."""
    part = chosen()
    if part is None:
        return
    counted = Counter(item.path for item in items if BY_COUNT & set(item.path.parts))
    shared = shared_out(counted, part[1])
    others = {path for path in {item.path for item in items} if leaves_out(path)}
    others |= {path for path, owner in shared.items() if owner != part[0]}
    config.hook.pytest_deselected(items=[item for item in items if item.path in others])
    items[:] = [item for item in items if item.path not in others]
