"""The migrated, empty test database on SQLite is kept between runs, as long as no migration changes.

Migrating takes ten seconds of work, longer than most parts one wants to test. The kept file is copied into memory
before Django looks, which then finds nothing left to migrate. `python -m tests.migrated` makes it when it is missing.
"""

import hashlib
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import django
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "test-databases"


def begin_migrated() -> Any | None:
    """Fill the database in memory from the kept file; it lives as long as the connection returned is open."""
    kept = kept_file()
    if not kept.exists():
        return None
    held = _library().connect(connection.creation._get_test_db_name(), uri=True, check_same_thread=False)
    with closing(_library().connect(kept)) as file:
        file.backup(held)
    return held


def keep_migrated(held: Any | None) -> None:
    """Keep the database as it is now, unless it began from the kept file; drop those of earlier migrations."""
    if held is not None:
        held.close()
        return
    kept = kept_file()
    FOLDER.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(f".{os.getpid()}")  # two runs at once: each writes its own, the last one stays
    with closing(_library().connect(fresh)) as file:
        connection.connection.backup(file)
    fresh.replace(kept)
    for other in FOLDER.glob("*.sqlite3"):
        if other != kept:
            other.unlink(missing_ok=True)


def _library() -> Any:
    # Only now: the settings choose the SQLite that Django drives, and they are read after this module.
    from django.db.backends.sqlite3.base import Database

    return Database


def kept_file() -> Path:
    """Return the place of the kept file; it is there once a test has used the database."""
    digest = hashlib.sha256(django.__version__.encode())
    for step in sorted((ROOT / "src").rglob("migrations/*.py")):
        digest.update(step.name.encode() + step.read_bytes())
    return FOLDER / f"{digest.hexdigest()[:16]}.sqlite3"


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "changai.config.settings.test"
    django.setup()
    if connection.vendor == "sqlite" and not kept_file().exists():
        connection.creation.create_test_db(verbosity=0, serialize=False)
        keep_migrated(None)


if __name__ == "__main__":
    main()
