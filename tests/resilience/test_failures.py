"""The database fails at every call in turn: a change of state happens whole or not at all, and can be pressed again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction

from changai.areas.briefings.tests.make import WRITTEN, make_approved, make_month, make_submitted
from changai.areas.evidence import storage
from changai.areas.evidence.actions import keep_file
from changai.areas.organisations.models import Level, Unit
from changai.areas.reporting.actions import accept_report, return_report, sign_report, submit_report
from changai.areas.reporting.models import Report
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OFFICER,
    fill,
    head_of,
    liaison_of,
    make_claim,
    make_field,
    make_form,
    make_report,
    make_unit,
    sign,
    submit,
)
from changai.foundation.actors import Actor
from changai.foundation.audit.verifier import verify_chain

pytestmark = pytest.mark.django_db
Order = Callable[[], Any]


@contextmanager
def failing_at(number: int) -> Iterator[None]:
    """Let the database fail at its call `number`, counted from 1."""
    calls = count(1)

    def fail(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's
        if next(calls) == number:
            raise OperationalError("the database is gone")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    return {
        model._meta.label: sorted(model._base_manager.values_list(), key=repr)
        for model in apps.get_models(include_auto_created=True)
    }


def sweep(order: Order) -> int:
    """Fail at each database call of the order in turn; return at how many."""
    before = rows()
    for number in count(1):
        try:
            with transaction.atomic():
                with failing_at(number):
                    order()
                transaction.set_rollback(True)  # it went through: the next lines begin where it began
            break
        except OperationalError:
            assert rows() == before, f"the failure at call {number} left something behind"
    order()
    assert rows() != before
    assert verify_chain().is_whole
    return number - 1


@pytest.fixture
def report() -> Report:
    """A filled report with a task and a figure."""
    county = make_unit(Level.COUNTY)
    make_claim(county)
    return fill(make_report(county, make_form(make_field("trained"))))


def test_f0_submitting(report: Report) -> None:
    report.refresh_from_db()
    liaison, version = liaison_of(report.obligation.unit), report.version
    assert sweep(lambda: submit_report(liaison, report.pk, version=version, at=IN_TIME, once="k")) > 5


def test_f0_signing(report: Report) -> None:
    version = submit(report).version
    head = head_of(report.obligation.unit)
    assert sweep(lambda: sign_report(head, report.pk, version=version, at=IN_TIME)) > 5


def test_f0_accepting(report: Report) -> None:
    version = sign(report).version
    assert sweep(lambda: accept_report(OFFICER, report.pk, version=version, at=IN_TIME)) > 8


def test_f0_returning(report: Report) -> None:
    version = sign(report).version
    marks = {f"task:{line.claim_id}:progress": "请写明班次" for line in report.task_lines.all()}

    def order() -> Any:
        return return_report(
            OFFICER,
            report.pk,
            reason="请补充具体举措",
            marks=marks,
            due_on=IN_TIME.date(),
            version=version,
            at=IN_TIME,
        )

    assert sweep(order) > 8


def test_approving_and_freezing(
    officer: Actor, office_head: Actor, city_unit: Unit, tmp_path: Path, settings: Any
) -> None:
    from changai.areas.briefings.actions import approve_briefing, freeze_briefing

    settings.EVIDENCE_FOLDER = tmp_path
    make_month(city_unit)
    waiting = make_submitted(officer)
    assert sweep(lambda: approve_briefing(office_head, waiting.pk, version=waiting.version, at=WRITTEN)) > 8
    ready = make_approved(officer, office_head)
    assert sweep(lambda: freeze_briefing(office_head, ready.pk, version=ready.version, at=WRITTEN)) > 8


def test_a_file_is_on_the_disk_before_any_row_names_it(
    liaison: Actor, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EVIDENCE_FOLDER = tmp_path
    content = b"%PDF-1.7 x\n%%EOF\n"

    def order() -> Any:
        return keep_file(liaison, unit_id=liaison.unit_id or 0, name="a.pdf", content=content, at=IN_TIME)

    assert sweep(order) > 3
    before = rows()
    monkeypatch.setattr(storage, "_synchronise", _no_space)
    with pytest.raises(OSError, match="No space"):
        keep_file(liaison, unit_id=liaison.unit_id or 0, name="b.pdf", content=content + b"\n", at=IN_TIME)
    assert rows() == before


def _no_space(_folder: Path) -> None:
    raise OSError(28, "No space left on device")
