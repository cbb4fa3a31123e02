"""Old figures brought in and carried out: checked first, taken over second, the same rows on both sides.

X78 against figures in force, X87 counts, X79 the same file again; X88 size: documents/intake/tests/test_named_cases.py.
"""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import make_person
from changai.areas.facts import jobs
from changai.areas.facts.actions import history as actions
from changai.areas.facts.models import Fact, Field, HistoryExport, HistoryImport, HistoryRow
from changai.areas.facts.queries import history as reads
from changai.areas.facts.tests.history_files import HEADINGS, csv, table
from changai.areas.facts.tests.make import AT, actor_of, make_fact, make_field, make_unit
from changai.areas.organisations.models import Unit
from changai.core.errors import AlreadyDone, Invalid, NotAllowed, RecordMoved, Unreadable
from changai.foundation import quarantine
from changai.foundation.actors import MACHINE, Role
from changai.foundation.audit.models import AuditEvent
from changai.foundation.audit.verifier import verify_chain

pytestmark = pytest.mark.django_db
OFFICER = actor_of(Role.OFFICE_OFFICER, name="办公室甲")
LATER = AT + timedelta(minutes=5)


@pytest.fixture
def unit() -> Unit:
    return make_unit("甲县")


@pytest.fixture
def field() -> Field:
    return make_field("trained", name="培训人次", minimum=Decimal(0))


def row(unit: Unit, field: Field, month: str, value: Any, note: str = "") -> tuple[Any, ...]:
    return (unit.code, unit.name, field.code, field.name, field.unit_of_measure, month, value, note)


def bring(content: bytes, *, expected: int | None = None, name: str = "历年.xlsx") -> HistoryImport:
    batch = actions.bring_history(OFFICER, name=name, content=content, expected_rows=expected, at=AT)
    jobs.work_on_history(AT)
    batch.refresh_from_db()
    return batch


def taken(batch: HistoryImport, *, replacing: bool = False) -> HistoryImport:
    actions.order_taking(
        OFFICER, batch.pk, content_digest=batch.content_digest, replacing=replacing, at=LATER
    )
    jobs.work_on_history(LATER)
    batch.refresh_from_db()
    return batch


def test_brought_checked_taken_over_and_carried_out_again(unit: Unit, field: Field) -> None:
    months = [f"{year}年{month}月" for year in (2023, 2024) for month in range(1, 13)]
    rows = [row(unit, field, month, at, "年鉴") for at, month in enumerate(months)]
    batch = bring(table(*rows), expected=24)

    assert batch.status == "checked"
    assert (batch.rows, reads.counts_of(batch)["new"]) == (24, 24)
    assert not Fact.objects.exists()
    assert taken(batch).status == "taken"
    assert Fact.objects.filter(is_current=True).count() == 24
    fact = Fact.objects.get(month=date(2024, 3, 1))
    assert (fact.value, fact.origin_type, fact.accepted_by_name) == (14, "facts.history", "办公室甲")
    assert fact.origin_label == f"历史数据导入 第 {batch.pk} 批第 17 行"
    assert HistoryRow.objects.get(fact=fact).note == "年鉴"

    from changai.areas.facts.actions import carrying_out

    export = carrying_out.order_export(
        OFFICER, first_month=date(2023, 1, 1), last_month=date(2024, 12, 1), at=LATER
    )
    jobs.work_on_history(LATER)
    export.refresh_from_db()
    assert (export.status, export.rows_total) == ("done", 24)
    assert export.content_digest == batch.content_digest
    book = openpyxl.load_workbook(io.BytesIO(carrying_out.read_export(export)))
    assert [cell.value for cell in book["历史数据"][1]] == [*HEADINGS, "来源"]
    assert [cell.value for cell in book["历史数据"][25]][5:8] == ["2024-12", 23, "年鉴"]
    assert book["校验"]["B2"].value == batch.content_digest
    again = bring(carrying_out.read_export(export))
    assert (again.rows, again.content_digest) == (24, batch.content_digest)
    assert reads.counts_of(again)["same"] == 24
    assert verify_chain().is_whole


def test_every_fault_is_told_with_its_row_and_the_good_rows_are_taken(unit: Unit, field: Field) -> None:
    good = row(unit, field, "2024-01", 5)
    wrong = {
        "没有这个单位": ("X9", "无此县", *good[2:]),
        "单位的编码和名称对不上": (unit.code, make_unit("乙县").name, *good[2:]),
        "没有这个数据项": (*good[:2], "nothing", "", *good[4:]),
        "单位不一致：表内写“万人次”": (*good[:4], "万人次", *good[5:]),
        "应为年月": (*good[:5], "13月", *good[6:]),
        "还没有到": (*good[:5], "2031-01", *good[6:]),
        "设立的时间": (*good[:5], "2001-01", *good[6:]),
        "没有填写数值": (*good[:6], None, ""),
        "请填确切的数字": (*good[:6], "约50", ""),
        "不小于 0": (*good[:6], -5, ""),
        "第 14 行疑似合计行": ("", "合计", *good[2:]),
        "与第 3 行重复（第 3 行和第 15 行）": good,
    }
    batch = bring(table(good, *wrong.values()))

    assert reads.counts_of(batch) == {"new": 1, "changed": 0, "same": 0, "faulty": 12}
    told = dict(reads.rows_in(batch, "faulty").values_list("number", "sentence"))
    for number, words in enumerate(wrong, start=4):
        assert words in told[number], (number, told[number])
    taken(batch)
    assert Fact.objects.get().value == 5


def test_x78_figures_in_force_stay_unless_told_otherwise(unit: Unit, field: Field) -> None:
    old = make_fact(unit, field, 7)
    content = table(row(unit, field, "2026-10", 9), row(unit, field, "2026-09", 3))
    kept = bring(content)
    assert reads.counts_of(kept)["changed"] == 1
    taken(kept)
    assert Fact.objects.get(is_current=True, month=date(2026, 10, 1)).value == 7

    actions.undo_history(OFFICER, kept.pk, at=LATER)
    assert not Fact.objects.filter(is_current=True, month=date(2026, 9, 1)).exists()
    replaced = taken(bring(content), replacing=True)
    old.refresh_from_db()
    assert (old.is_current, old.superseded_by) == (False, Fact.objects.get(is_current=True, value=9))
    actions.undo_history(OFFICER, replaced.pk, at=LATER)
    old.refresh_from_db()
    assert (old.is_current, old.superseded_by) == (True, None)


def test_x78_what_moved_between_check_and_taking_over_is_checked_anew(unit: Unit, field: Field) -> None:
    batch = bring(table(row(unit, field, "2026-10", 9)))
    actions.order_taking(OFFICER, batch.pk, content_digest=batch.content_digest, replacing=False, at=LATER)
    make_fact(unit, field, 7)
    jobs.work_on_history(LATER)
    jobs.work_on_history(LATER)

    batch.refresh_from_db()
    assert batch.status == "checked"
    assert "被他人录入或更正，已重新检查" in batch.refusal
    assert reads.counts_of(batch)["changed"] == 1
    assert Fact.objects.get().value == 7


def test_x87_another_count_than_announced_is_refused(unit: Unit, field: Field) -> None:
    content = csv([row(unit, field, "2024-01", 5), row(unit, field, "2024-02", 6)])
    batch = bring(content, expected=3, name="历年.csv")
    assert batch.status == "refused"
    assert batch.refusal == "历年.csv：应有 3 行，文件中是 2 行，请核对文件是否完整。"
    assert not HistoryRow.objects.exists()
    assert AuditEvent.objects.filter(act="import.rejected").count() == 1
    assert quarantine.kept(batch.digest) == content


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.xlsx", b"PK\x03\x04torn", "文件不完整"),
        ("a.xlsx", table(("x",), headings=("姓名", "电话")), "没有找到表头"),
        ("a.xlsx", table(), "表头下面没有数据"),
        ("a.csv", '单位,数据项,月份,数值\n甲县,"5\n'.encode(), "引号不成对"),
    ],
)
def test_files_that_cannot_be_read_leave_nothing(name: str, content: bytes, told: str) -> None:
    batch = bring(content, name=name)
    assert batch.status == "refused"
    assert told in batch.refusal
    assert not HistoryRow.objects.exists()


def test_x79_x92_the_same_file_again_and_two_files_at_once(unit: Unit, field: Field) -> None:
    content = table(row(unit, field, "2024-01", 5))
    batch = bring(content)
    with pytest.raises(RecordMoved, match="还没有办完"):
        bring(table(row(unit, field, "2024-02", 5)))
    taken(batch)
    with pytest.raises(Unreadable, match=f"该文件已于 .* 导入，批次 {batch.pk}"):
        bring(content)
    with pytest.raises(Unreadable, match="只接收"):
        bring(content, name="历年.xls")


def test_the_order_is_one_however_often_it_is_pressed(unit: Unit, field: Field) -> None:
    """F9 to F11: a double click, the same key with other content."""
    batch = bring(table(row(unit, field, "2024-01", 5)))

    def press(digest: str) -> None:
        actions.order_taking(  # type: ignore[call-arg]
            OFFICER, batch.pk, content_digest=digest, replacing=False, at=LATER, once="k"
        )

    press(batch.content_digest)
    with pytest.raises(AlreadyDone):
        press(batch.content_digest)
    with pytest.raises(Invalid, match="该提交编号已用于另一份内容"):
        press("f" * 64)
    with pytest.raises(RecordMoved):
        actions.order_taking(
            OFFICER, batch.pk, content_digest=batch.content_digest, replacing=False, at=LATER
        )


def test_a_job_that_fails_goes_on_where_it_was(
    unit: Unit, field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "CHUNK", 2)
    months = [f"2024-{month:02d}" for month in range(1, 10)]
    content = table(*(row(unit, field, month, 5) for month in months))
    batch = actions.bring_history(OFFICER, name="a.xlsx", content=content, expected_rows=9, at=AT)
    stage, calls = actions._stage, []

    def failing(*arguments: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise OperationalError("gone")
        stage(*arguments)

    monkeypatch.setattr(actions, "_stage", failing)
    with pytest.raises(OperationalError):
        jobs.work_on_history(AT)
    batch.refresh_from_db()
    assert (batch.rows, batch.rows_read, batch.lines.count()) == (4, 6, 4)
    jobs.work_on_history(AT)
    batch.refresh_from_db()
    assert (batch.rows, batch.status, batch.lines.count()) == (9, "checked", 9)
    fresh = HistoryImport.objects.get()
    fresh.rows_read = 2  # as a worker remembers it that was away
    with pytest.raises(actions.Overtaken):
        stage(fresh, [next(iter(_figures_of(batch)))])
    assert actions.work_on(MACHINE, batch.pk, at=AT).endswith("没有要做的")


def _figures_of(batch: HistoryImport) -> Any:
    from changai.areas.facts.queries.history import known_names
    from changai.documents.intake.rowwise import read_rows

    return actions._figures(
        read_rows(quarantine.place_of(batch.digest), name=batch.name), known_names(AT.date())
    )


def test_only_the_office_brings_history(unit: Unit) -> None:
    with pytest.raises(NotAllowed):
        actions.bring_history(
            actor_of(Role.UNIT_LIAISON, unit), name="a.csv", content=b"x", expected_rows=None, at=AT
        )


def test_the_pages(unit: Unit, field: Field) -> None:
    client = Client()
    client.force_login(
        make_person(Role.OFFICE_OFFICER, None), backend="django.contrib.auth.backends.ModelBackend"
    )
    empty = client.get(reverse("facts:history"))
    assert "还没有导入或导出过历史数据" in empty.text
    assert client.post(reverse("facts:history"), {"expected_rows": "x"}).status_code == 422
    content = table(row(unit, field, "2024-01", 5), row(unit, field, "2024-02", "约5"))
    file = SimpleUploadedFile("历年.xlsx", content)
    shown = client.post(reverse("facts:history"), {"file": file, "expected_rows": "2"}, follow=True)
    assert "已检查 0 行" in shown.text
    jobs.work_on_history(AT)
    batch = HistoryImport.objects.get()
    checked = client.get(address := reverse("facts:history_import", args=[batch.pk]))
    assert "导入正确的行" in checked.text
    assert "请填确切的数字" in checked.text
    faults = client.get(reverse("facts:history_faults", args=[batch.pk]))
    assert "%E9%94%99%E8%AF%AF%E6%B8%85%E5%8D%95.xlsx" in faults.headers["Content-Disposition"]
    listed = openpyxl.load_workbook(io.BytesIO(faults.content)).worksheets[0]
    assert [cell.value for cell in listed[2]][:1] == [4]
    assert listed["H2"].value == "约5"
    client.post(reverse("facts:history_take", args=[batch.pk]), {"content": batch.content_digest})
    jobs.work_on_history(LATER)
    assert "撤销这次导入" in client.get(address).text
    client.post(reverse("facts:history_export"), {"first": "2024-01", "last": "2024-12"})
    jobs.work_on_history(LATER)
    export = HistoryExport.objects.get()
    assert client.get(reverse("facts:history_download", args=[export.pk])).status_code == 200
    wrong = client.post(reverse("facts:history_export"), {"first": "2024-12", "last": "2024-01"})
    assert wrong.status_code == 422
    assert "已撤销" in client.post(reverse("facts:history_undo", args=[batch.pk]), follow=True).text
