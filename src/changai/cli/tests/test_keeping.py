"""`verify`, `worker --once`, `account`, `manage`: run as a person runs them."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from changai.areas.accounts.models import Person
from changai.areas.accounts.tests.make import MOMENT
from changai.areas.evidence.actions import keep_file
from changai.areas.evidence.tests.make import PDF
from changai.areas.organisations import queries as organisations
from changai.areas.organisations.models import Unit
from changai.cli.main import main
from changai.foundation.actors import Actor
from changai.foundation.jobs.models import JobRun


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_FOLDER, settings.EVIDENCE_FOLDER = tmp_path, tmp_path / "evidence"
    return tmp_path


def test_a_new_installation_gets_its_three_administrators(db: None, capsys: Any) -> None:
    assert main(["account", "--city", "样板市"]) == 0
    told = capsys.readouterr().out
    passwords = dict(re.findall(r"登录名 (\S+)　首次密码 (\S+)", told))
    assert set(passwords) == {"system", "security", "audit"}
    assert all(Person.objects.get(login=login).check_password(word) for login, word in passwords.items())
    assert list(Unit.objects.order_by("code").values_list("name", flat=True)) == ["样板市", "样板市产改办"]
    names = organisations.city()
    assert (names.city_name, names.office_name) == ("样板市", "样板市产业工人队伍建设改革协调小组办公室")

    assert main(["account", "--city", "样板市"]) == 2
    assert "已有账号" in capsys.readouterr().err


def test_a_whole_log_and_whole_files_are_found_whole(liaison: Actor, unit_a: Unit, capsys: Any) -> None:
    keep_file(liaison, unit_id=unit_a.pk, name="a.pdf", content=PDF, at=MOMENT)
    assert main(["verify"]) == 0
    told = capsys.readouterr().out
    assert "共 1 条，全部相符" in told
    assert "1 个文件，全部相符" in told


def test_the_first_bad_line_and_every_bad_file_are_named(
    folder: Path, liaison: Actor, unit_a: Unit, capsys: Any
) -> None:
    file = keep_file(liaison, unit_id=unit_a.pk, name="a.pdf", content=PDF, at=MOMENT)
    next((folder / "evidence" / "objects").rglob(file.digest)).unlink()
    with connection.cursor() as cursor:
        off = (
            "ALTER TABLE audit_event DISABLE TRIGGER USER"
            if connection.vendor == "postgresql"
            else "DROP TRIGGER audit_event_no_update"
        )
        cursor.execute(off)
        cursor.execute("UPDATE audit_event SET actor_name = '别人'")
    assert main(["verify"]) == 2
    told = capsys.readouterr().out
    assert "第 1 条不符" in told
    assert "a.pdf" in told
    assert "文件缺失" in told


def test_the_worker_runs_what_is_due_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # The worker drops connections between looks; this test's one transaction lives in its connection.
    monkeypatch.setattr("django.db.close_old_connections", lambda: None)
    assert main(["worker", "--once"]) == 0
    assert JobRun.objects.get(name="staging.sweep").last_outcome.startswith("清理未确认的上传")


def test_djangos_own_commands_are_at_hand(db: None, capsys: Any) -> None:
    assert main(["manage", "diffsettings", "--output", "unified"]) == 0
    assert "ROOT_URLCONF" in capsys.readouterr().out
