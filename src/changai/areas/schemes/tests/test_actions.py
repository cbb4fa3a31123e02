"""Loading, reloading, issuing and superseding indicator systems."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import openpyxl
import pytest

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.evidence.models import EvidenceFile
from changai.areas.organisations.models import Unit
from changai.areas.schemes.actions import issue_scheme, load_scheme, read_office_file, read_scheme
from changai.areas.schemes.exports import blank_workbook, scheme_workbook
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries import scheme_of, sheet_of
from changai.areas.schemes.tests.make import make_dictionary, make_draft, make_issued, scheme_dict, workbook
from changai.areas.schemes.tests.office import office_workbook
from changai.core.errors import Invalid, NotAllowed, RecordMoved, Unreadable
from changai.foundation.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dictionary() -> None:
    make_dictionary()


def spoilt(cells: dict[str, object]) -> bytes:
    """Return the workbook with cells of 指标表 overwritten."""
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    for address, value in cells.items():
        book["指标表"][address] = value
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def address_of(head: str, row: int) -> str:
    sheet = openpyxl.load_workbook(io.BytesIO(workbook()))["指标表"]
    column = next(cell.column_letter for cell in sheet[3] if cell.value == head)
    return f"{column}{row}"


def test_a_workbook_becomes_a_draft_with_its_file_and_the_names_of_the_dictionary(officer: Actor) -> None:
    draft = make_draft(officer)
    assert (draft.status, draft.year, draft.version_label, draft.version) == ("draft", 2026, "1.0", 1)
    assert draft.source_file is not None
    labels = {field["name"]: field["label"] for field in draft.content["fields"]}
    assert labels == {
        "trained": "技能培训人次", "target": "培训任务数", "late": "月报迟报次数", "typical": "人工核定得分",
    }  # fmt: skip


def test_a_draft_is_replaced_by_the_next_of_the_same_version(officer: Actor) -> None:
    first = make_draft(officer)
    changed = scheme_dict()
    changed["tables"][0]["grades"] = []
    content = json.dumps(changed).encode()
    again = load_scheme(officer, file_name="新.json", content=content, at=MOMENT + timedelta(days=1))
    assert again.pk == first.pk
    assert again.version == 2
    assert again.digest != first.digest
    assert again.source_file is None


def test_the_exported_workbook_loads_back_as_the_same_scheme(officer: Actor, office_head: Actor) -> None:
    issued = make_issued(officer, office_head)
    content = scheme_workbook(issued)
    with pytest.raises(RecordMoved, match="已印发"):
        load_scheme(officer, file_name="x.xlsx", content=content, at=MOMENT)
    assert read_scheme("x.xlsx", content).digest == issued.digest


@pytest.mark.parametrize(
    ("head", "row", "value", "told"),
    [
        ("分值", 5, "六十", "指标表 第 5 行"),
        ("分值", 5, 50, "指标 1"),
        ("评分规则", 6, "看着给分", "不认识的评分规则"),
        ("分值", 5, "=1/0", "单元格"),
    ],
)
def test_a_faulty_workbook_tells_where_and_keeps_nothing(
    officer: Actor, head: str, row: int, value: object, told: str
) -> None:
    with pytest.raises(Invalid) as refused:
        load_scheme(officer, file_name="坏.xlsx", content=spoilt({address_of(head, row): value}), at=MOMENT)
    assert any(told in fault for fault in refused.value.faults), refused.value.faults
    assert not SchemeVersion.objects.exists()
    assert not EvidenceFile.objects.exists()


@pytest.mark.parametrize(("stored", "shown"), [(0.05, "0%"), ("5%", "General")])
def test_points_written_as_a_percentage_are_asked_about_at_their_cell(
    officer: Actor, stored: object, shown: str
) -> None:
    """In the product's own workbook and in the office's: 5% of a hundred is 5, and the cell holds 0.05."""
    files: tuple[tuple[bytes, str, Callable[..., object]], ...] = (
        (workbook(), address_of("分值", 5), read_scheme),
        (office_workbook(), "E4", partial(read_office_file, category="县区")),
    )
    for content, place, read in files:
        book = openpyxl.load_workbook(io.BytesIO(content))
        cell = book[book.sheetnames[0]][place]
        cell.value, cell.number_format = stored, shown
        written = io.BytesIO()
        book.save(written)
        with pytest.raises(Invalid) as refused:
            read("坏.xlsx", written.getvalue())
        told = f"工作表“{book.sheetnames[0]}”，单元格 {place}：现为"
        assert any(fault.startswith(told) and "分不清是多少分" in fault for fault in refused.value.faults), (
            refused.value.faults
        )


def test_points_that_do_not_add_up_name_the_row(officer: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        load_scheme(officer, file_name="坏.xlsx", content=spoilt({address_of("分值", 5): 50}), at=MOMENT)
    assert any(fault.startswith("指标表 第 4 行") for fault in refused.value.faults), refused.value.faults


def test_a_figure_the_dictionary_does_not_know_is_refused(officer: Actor) -> None:
    scheme = scheme_dict()
    scheme["tables"][0]["nodes"][0]["children"][1]["rule"] = {
        "rule": "PerItem", "items": {"absent": "-1"}, "start": "full", "floor": "0",
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        load_scheme(officer, file_name="坏.json", content=json.dumps(scheme).encode(), at=MOMENT)
    assert refused.value.faults == ("指标 1.2：“absent”不在数据项目录中，请先登记，或改用已有的编码。",)


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("a.json", b"\xff\xfe{", Invalid),
        ("a.json", b"[1]", Invalid),
        ("a.json", b"[" * 200_000, Invalid),
        ("a.json", b" " * (5 * 2**20 + 1), Unreadable),
        ("a.xlsx", b"not a workbook", Unreadable),
        ("a.docx", b"PK", Unreadable),
    ],
)
def test_other_files_are_refused(officer: Actor, name: str, content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        load_scheme(officer, file_name=name, content=content, at=MOMENT)
    assert not SchemeVersion.objects.exists()


def test_the_blank_workbook_holds_the_dictionary_and_tells_that_it_is_empty(officer: Actor) -> None:
    content = blank_workbook(2026, created=MOMENT)
    names = [row[1].value for row in openpyxl.load_workbook(io.BytesIO(content))["数据项"].iter_rows()]
    assert "技能培训人次" in names
    with pytest.raises(Invalid):
        load_scheme(officer, file_name="空白.xlsx", content=content, at=MOMENT)


def test_the_blank_workbook_filled_in_with_names_and_sentences_loads(officer: Actor) -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank_workbook(2026, created=MOMENT)))
    sheet = book["指标表"]
    columns = {cell.value: cell.column for cell in sheet[2]}
    rows = [
        {"一级指标": "培训", "分值": 70, "评分规则": "按完成率得分", "数据项": "技能培训人次/培训任务数"},
        {"一级指标": "报送", "分值": 30, "评分规则": "每迟报一次扣1分，扣完为止", "数据项": "月报迟报次数"},
    ]  # fmt: skip
    rows[0]["类别"] = "县区"
    for number, row in enumerate(rows, start=3):
        for head, value in row.items():
            sheet.cell(number, columns[head], value)
    written = io.BytesIO()
    book.save(written)
    draft = load_scheme(officer, file_name="我市指标体系.xlsx", content=written.getvalue(), at=MOMENT)
    assert [table["category"] for table in draft.content["tables"]] == ["县区"]
    assert [field["name"] for field in draft.content["fields"]] == ["trained", "target", "late"]


def test_a_table_with_one_column_of_criteria_prints_them(officer: Actor) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["类别", "一级指标", "分值", "评分标准", "数据项"])
    sheet.append(["县区", "培训", 100, "按完成率得分", "trained/target"])
    written = io.BytesIO()
    book.save(written)
    draft = load_scheme(officer, file_name="考核表.xlsx", content=written.getvalue(), at=MOMENT)
    (line,) = sheet_of(scheme_of(draft), "县区").lines
    assert (line.wording, draft.name) == ("按完成率得分", "考核表")


def test_issuing_fixes_the_version_and_supersedes_the_earlier(officer: Actor, office_head: Actor) -> None:
    old = make_issued(officer, office_head)
    new = make_issued(officer, office_head, version="2.0")
    old.refresh_from_db()
    assert (old.status, new.status) == ("superseded", "issued")
    assert new.issued_by_name == office_head.name
    other = make_issued(officer, office_head, scheme="另一体系")
    new.refresh_from_db()
    assert (new.status, other.status) == ("issued", "issued")


def test_issuing_twice_or_on_a_replaced_draft_is_told(officer: Actor, office_head: Actor) -> None:
    draft = make_draft(officer)
    make_draft(officer)
    with pytest.raises(RecordMoved, match="刚被修改"):
        issue_scheme(office_head, draft.pk, version=draft.version, at=MOMENT)
    issued = issue_scheme(office_head, draft.pk, version=2, at=MOMENT)
    with pytest.raises(RecordMoved, match="已经印发"):
        issue_scheme(office_head, draft.pk, version=issued.version, at=MOMENT)


def test_only_the_office_loads_and_only_its_head_issues(
    officer: Actor, liaison: Actor, leader: Actor
) -> None:
    for actor in (liaison, leader):
        with pytest.raises(NotAllowed):
            load_scheme(actor, file_name="a.xlsx", content=workbook(), at=MOMENT)
    draft = make_draft(officer)
    with pytest.raises(NotAllowed):
        issue_scheme(officer, draft.pk, version=draft.version, at=MOMENT)


def test_a_loaded_file_belongs_to_the_office(officer: Actor, office_unit: Unit) -> None:
    draft = make_draft(officer)
    assert draft.source_file is not None
    assert draft.source_file.unit_id == office_unit.pk
