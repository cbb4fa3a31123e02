"""Twenty presses of one button in the same instant, on PostgreSQL, each on a connection of its own.

F9: one outcome, and every other press learns that it was counted once. F12: of two people one wins, the other is told.
F13 in a sheet: test_races.py; for a returned report and for uploads: here.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from changai.areas.reporting import actions
from changai.areas.reporting.actions import importing
from changai.areas.reporting.models import Report, Submission, WorkbookImport
from changai.areas.reporting.queries.workbooks import read_import
from changai.areas.reporting.rules.workbook_reading import fingerprint
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
    send_back,
    sign,
    submit,
)
from changai.areas.reporting.tests.workbook_files import bring, changed, downloaded, put, signed_in
from changai.core.errors import ActionRefused, AlreadyDone, RecordMoved
from changai.foundation.actors import Role
from changai.foundation.audit.models import AuditEvent
from changai.foundation.audit.verifier import verify_chain
from tests.resilience.test_review_races import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
TWENTY = 20


@pytest.fixture
def report() -> Report:
    unit = make_unit()
    make_claim(unit)
    return make_report(unit, make_form(make_field("trained")))


def twenty(order: Callable[..., Any], act: str) -> None:
    """Press twenty times at once with one key: one is carried out, nineteen learn that it was."""
    outcomes = at_once(*[order] * TWENTY)
    told = [one for one in outcomes if isinstance(one, ActionRefused)]
    assert [type(one) for one in told] == [AlreadyDone] * (TWENTY - 1), told
    assert AuditEvent.objects.filter(act=act).count() == 1
    assert verify_chain().is_whole


def test_f9_twenty_presses_submit_sign_and_return_once(report: Report) -> None:
    press: dict[str, Callable[..., Any]] = {
        "submit": actions.submit_report, "sign": actions.sign_report, "return": actions.return_report,
    }  # fmt: skip
    report = fill(report)
    unit, version = report.obligation.unit, report.version
    twenty(
        lambda: press["submit"](liaison_of(unit), report.pk, version=version, at=IN_TIME, once="a"),
        "report.submit",
    )
    twenty(
        lambda: press["sign"](head_of(unit), report.pk, version=version + 1, at=IN_TIME, once="b"),
        "report.sign",
    )
    assert Submission.objects.count() == 1
    back = {"reason": "请补充具体举措", "marks": {}, "due_on": IN_TIME.date(), "version": version + 2}
    twenty(lambda: press["return"](OFFICER, report.pk, **back, at=IN_TIME, once="c"), "report.return")


def brought(report: Report) -> tuple[WorkbookImport, str]:
    client = signed_in(Role.UNIT_LIAISON, report.obligation.unit)
    bring(client, report, changed(downloaded(client, report), put("数据", "本月数", 1, 412)))
    batch = WorkbookImport.objects.get()
    return batch, fingerprint(read_import(batch)[0])


def test_f9_twenty_presses_take_a_workbook_over_once(report: Report) -> None:
    batch, seen = brought(report)
    liaison = liaison_of(report.obligation.unit)
    twenty(
        lambda: importing.take_over_workbook(liaison, batch.pk, ticked=(), seen=seen, at=IN_TIME, once="k"),
        "report.import",
    )


def test_f12_f13_of_twenty_people_with_one_workbook_one_wins_and_the_draft_stays(report: Report) -> None:
    batch, seen = brought(report)
    liaison = liaison_of(report.obligation.unit)
    people = [replace(liaison, name=f"联络员{number}") for number in range(TWENTY)]
    outcomes = at_once(
        *[
            lambda person=person: importing.take_over_workbook(
                person, batch.pk, ticked=(), seen=seen, at=IN_TIME, once=person.name
            )
            for person in people
        ]
    )
    told = [one for one in outcomes if isinstance(one, RecordMoved)]
    assert len(told) == TWENTY - 1
    assert {one.sentence for one in told} <= {
        "这份工作簿已导入，如需再次导入请重新上传。",
        "预览之后网上的内容有改动，请重新核对下面的差异。",
    }
    assert report.figure_lines.get().value == 412


def test_f12_two_heads_sign_at_once_and_the_other_is_told(report: Report) -> None:
    report = submit(fill(report))
    unit = report.obligation.unit
    outcomes = at_once(
        *[
            lambda name=name: actions.sign_report(
                replace(head_of(unit), name=name), report.pk, version=report.version, at=IN_TIME
            )
            for name in ("负责人甲", "负责人乙")
        ]
    )
    assert [one.status for one in outcomes if isinstance(one, ActionRefused)] == [409]
    assert Submission.objects.count() == 1


def test_f13_of_twenty_people_mending_a_returned_cell_one_wins(report: Report) -> None:
    report = sign(report)
    ref = f"task:{report.task_lines.get().claim_id}:progress"
    report = send_back(report, marks={ref: "请写明班次"})
    liaison = liaison_of(report.obligation.unit)
    version = report.cell_changes.filter(cell=ref).count()
    outcomes = at_once(
        *[
            lambda number=number: actions.save_cells(
                replace(liaison, name=f"联络员{number}"), report.pk,
                cells=[actions.CellEdit(ref, f"第{number}人写的", version=version)], at=IN_TIME,
            )
            for number in range(TWENTY)
        ]
    )  # fmt: skip
    assert sum(bool(one.saved) for one in outcomes) == 1
    told = [cell for one in outcomes for cell in one.refused]
    assert len(told) == TWENTY - 1
    assert all("已保留在下方" in cell.sentence for cell in told)
