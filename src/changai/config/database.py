"""Puts a SQLite without the WAL-reset fault in the place of the system's.

SQLite 3.7.0 to 3.51.2 can corrupt a database that several processes write (fixed in 3.51.3); Debian 12 and
Python 3.11 bring 3.40.1. `pysqlite3` brings a fixed build, for Linux on x86_64 only.
"""

import importlib
import sys

FIRST_SOUND = (3, 51, 3)


class UnsoundSqlite(RuntimeError):
    """The SQLite at hand may corrupt the database."""


def use_fixed_sqlite() -> None:
    """Make `import sqlite3` give the fixed build where there is one. Call before Django opens a database."""
    try:
        fixed = importlib.import_module("pysqlite3")
    except ModuleNotFoundError:
        return
    sys.modules["sqlite3"] = fixed
    sys.modules["sqlite3.dbapi2"] = importlib.import_module("pysqlite3.dbapi2")


def require_sound_sqlite() -> None:
    """Refuse a SQLite that may corrupt the database.

    :raises UnsoundSqlite: when the build at hand still has the fault
    """
    import sqlite3

    if sqlite3.sqlite_version_info < FIRST_SOUND:
        raise UnsoundSqlite(
            f"SQLite {sqlite3.sqlite_version} 有可能损坏数据库的缺陷，需 3.51.3 以上。"
            "请运行 python3 bootstrap.py run 重新安装组件，或用 CHANGAI_DATABASE_URL 改用 PostgreSQL。"
        )
