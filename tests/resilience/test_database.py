"""The embedded database runs with the settings that lose nothing; what is killed in the middle leaves nothing."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from changai.config.environment import sqlite

ROOT = Path(__file__).resolve().parents[2]
LOADING = """
import django
django.setup()
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", interactive=False, verbosity=0)
print("migrated", flush=True)
from changai.cli import demonstration
demonstration.load(now=timezone.now(), months=1, chapters=(), say=lambda line: print(line, flush=True))
"""


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHANGAI_")}
    settings = {"CHANGAI_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "changai.config.settings.base"}
    return {**kept, **settings, "CHANGAI_DEMONSTRATION": "1"}


def test_a_connection_has_the_settings_that_lose_nothing(tmp_path: Path, django_db_blocker: Any) -> None:
    from django.db.backends.sqlite3.base import DatabaseWrapper

    defaults = {"TIME_ZONE": None, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "CONN_HEALTH_CHECKS": False}
    connection = DatabaseWrapper({**defaults, **sqlite(tmp_path / "x.sqlite3")}, "pragmas")
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "mmap_size": 0}
    try:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
            assert cursor.execute("PRAGMA busy_timeout").fetchone()[0] >= 10_000
        assert found == wanted
        assert connection.transaction_mode == "IMMEDIATE"
    finally:
        connection.close()


def test_keys_and_database_are_their_owner_s_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    look = "from django.conf import settings; print(settings.DEBUG, settings.ALLOWED_HOSTS)"
    done = subprocess.run(
        [sys.executable, "-c", look], env=environment(folder), capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("False [")
    assert "'*'" not in done.stdout
    assert folder.stat().st_mode & 0o077 == 0
    keys = list((folder / "keys").iterdir())
    assert sorted(key.name for key in keys) == ["audit.key", "secret.key"]
    assert [key.stat().st_mode & 0o777 for key in keys] == [0o600, 0o600]
    (folder / "keys" / "audit.key").write_text("")
    again = subprocess.run(
        [sys.executable, "-c", look], env=environment(folder), capture_output=True, text=True, check=False
    )
    assert again.returncode != 0
    assert "密钥文件是空的" in again.stderr


def test_a_load_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", LOADING],
        cwd=ROOT,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout
    assert any("上传方案" in said for said in program.stdout)
    time.sleep(0.5)  # well inside: the units have been written, the plan is being handed down
    program.send_signal(signal.SIGKILL)
    assert program.wait() == -signal.SIGKILL
    program.stdout.close()
    with closing(sqlite3.connect(tmp_path / "changai.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert {"person", "unit", "audit_event"} <= names
        by_migration = {"django_migrations", "django_content_type", "auth_permission", "return_reason"}
        written = names - by_migration - {"sqlite_sequence"}
        filled = [name for name in written if database.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()]  # noqa: S608
        assert not filled
    assert not (tmp_path / "demonstration-sign-ins.json").exists()
