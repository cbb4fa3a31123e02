"""The embedded database is a build without the WAL-reset fault, or none."""

import sqlite3

import pytest

from changai.config.database import UnsoundSqlite, require_sound_sqlite


def test_the_build_in_use_is_sound() -> None:
    require_sound_sqlite()


def test_a_build_with_the_fault_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.51.2")
    with pytest.raises(UnsoundSqlite, match=r"SQLite 3\.51\.2 有可能损坏数据库的缺陷.*PostgreSQL"):
        require_sound_sqlite()
