"""Faults of taking a workbook over: the database fails at every call, buttons are pressed twice, uploads break off."""

from typing import Any

import pytest

from changai.areas.reporting.actions import importing
from changai.areas.reporting.models import Report, WorkbookImport
from changai.areas.reporting.queries.workbooks import read_import
from changai.areas.reporting.rules.workbook_reading import fingerprint
from changai.areas.reporting.tests.make import (
    IN_TIME,
    liaison_of,
    make_claim,
    make_field,
    make_form,
    make_report,
    make_unit,
)
from changai.areas.reporting.tests.workbook_files import bring, changed, downloaded, put, signed_in
from changai.core.errors import AlreadyDone, Invalid, RecordMoved
from changai.foundation.actors import Role
from tests.resilience.test_failures import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch() -> WorkbookImport:
    """A filled workbook that waits for its confirmation, whole enough to be submitted."""
    unit = make_unit()
    make_claim(unit)
    report = make_report(unit, make_form(make_field("trained")))
    client = signed_in(Role.UNIT_LIAISON, unit)
    content = changed(
        downloaded(client, report),
        put("任务进展", "完成进度", 1, 80),
        put("任务进展", "进展情况", 1, "已办班三期。"),
        put("任务进展", "存在问题", 1, "师资不足。"),
        put("数据", "本月数", 1, 412),
    )
    bring(client, report, content)
    return WorkbookImport.objects.get()


def take(batch: WorkbookImport, *, once: str = "", **named: Any) -> WorkbookImport:
    liaison = liaison_of(batch.report.obligation.unit)
    seen = named.pop("seen", None) or fingerprint(read_import(batch)[0])
    return importing.take_over_workbook(
        liaison, batch.pk, ticked=(), seen=seen, submitting=True, at=IN_TIME, once=once, **named
    )


def test_f0_taking_over_and_submitting_is_all_or_nothing(batch: WorkbookImport) -> None:
    seen = fingerprint(read_import(batch)[0])
    assert sweep(lambda: take(batch, once="k", seen=seen)) > 10
    report = Report.objects.get()
    assert report.status == Report.Status.SUBMITTED


def test_f9_to_f11_pressed_twice(batch: WorkbookImport) -> None:
    """The same press again is told apart from another one; neither writes twice."""
    edits = importing._edits(read_import(batch)[0].cells)
    liaison = liaison_of(batch.report.obligation.unit)

    def press(key: str, *, left: tuple[str, ...] = ()) -> None:
        importing.import_workbook(  # type: ignore[call-arg]
            liaison, batch.pk, edits=edits, left=left, submitting=False, at=IN_TIME, once=key
        )

    press("k")
    version = Report.objects.get().version
    with pytest.raises(AlreadyDone, match="未重复计入"):
        press("k")
    with pytest.raises(Invalid, match="该提交编号已用于另一份内容"):
        press("k", left=("task:1:percent",))
    with pytest.raises(RecordMoved, match="已导入"):
        press("another")
    assert Report.objects.get().version == version


def test_f14_an_upload_that_breaks_off_leaves_nothing(batch: WorkbookImport) -> None:
    unit = batch.report.obligation.unit
    client = signed_in(Role.UNIT_LIAISON, unit)
    importing.discard_import(liaison_of(unit), batch.pk, at=IN_TIME)
    whole = downloaded(client, batch.report)
    for share in (0.1, 0.5, 0.99):
        answer = bring(client, batch.report, whole[: int(len(whole) * share)])
        assert answer.status_code == 422
        assert "不完整" in answer.context["refusal"].sentence
    assert WorkbookImport.objects.filter(state="open").count() == 0
    assert bring(client, batch.report, whole).status_code == 200
