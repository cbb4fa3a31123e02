"""Puts a SQLite without the WAL-reset fault in the place of the system's.

SQLite 3.7.0 to 3.51.2 can corrupt a database that several processes write (fixed in 3.51.3); Debian 12 and Python
3.11 bring 3.40.1. `pysqlite3` brings a fixed build.
"""

import sys

FIRST_SOUND = (3, 51, 3)


class UnsoundSqlite(RuntimeError):
    """The SQLite at hand may corrupt the database."""


def use_fixed_sqlite() -> None:
    """Make `import sqlite3` give the fixed build. Call before Django opens a database.

    :raises UnsoundSqlite: when the build at hand still has the fault
    """
    import pysqlite3
    import pysqlite3.dbapi2

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
    if pysqlite3.sqlite_version_info < FIRST_SOUND:
        found = pysqlite3.sqlite_version
        raise UnsoundSqlite(
            f"SQLite {found} 有可能损坏数据库的缺陷，需 3.51.3 以上。请运行 python3 bootstrap.py 重新安装组件。"
        )
