"""The workbooks of a county's townships: the blank out, several back, one preview, the sums into the draft."""

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from changai.areas.organisations.models import Level, Unit
from changai.areas.reporting.actions import CellEdit, importing, merging, save_cells
from changai.areas.reporting.models import CellChange, Form, Report, WorkbookImport
from changai.areas.reporting.queries import merging as merge_reads
from changai.areas.reporting.queries.merging import read_merge
from changai.areas.reporting.rules.merging import (
    Brought,
    doubled,
    is_additive,
    merge_fingerprint,
    merge_rows,
)
from changai.areas.reporting.rules.workbook_pages import Asked, PageRow
from changai.areas.reporting.rules.workbook_reading import Found, State
from changai.areas.reporting.tests.make import (
    IN_TIME,
    OCTOBER,
    liaison_of,
    make_claim,
    make_field,
    make_form,
    make_report,
    make_unit,
)
from changai.areas.reporting.tests.workbook_files import (
    Change,
    changed,
    column_of,
    downloaded,
    heading_row,
    put,
    signed_in,
)
from changai.core.errors import Invalid, RecordMoved
from changai.foundation.actors import Role
from changai.foundation.audit.models import AuditEvent
from changai.foundation.audit.verifier import verify_chain

NAMES = ("甲镇", "乙镇", "丙镇")
figures = st.decimals(min_value=0, max_value=10**9, places=2)


def asked(ref: str = "figure:1:value", **named: Any) -> PageRow:
    cell = Asked(ref, "本月数", "number", **{"unit_of_measure": "人", "decimals": 2} | named)
    return PageRow("figure:1", "a", "培训人数", {}, (cell,), cell.unit_of_measure)


def brought(number: int, township: str, text: str, state: State = State.CHANGE) -> Brought:
    told = ("应为数字。",) if state is State.FAULT else ()
    found = Found("figure:1:value", "数据", "培训人数", "本月数", "F4", "", text, state, told)
    return Brought(number, f"{township}.xlsx", township, {found.ref: found})


# --- rules ---


@given(st.lists(figures, min_size=1, max_size=12), st.randoms())
def test_the_sum_equals_its_parts_and_the_order_of_files_does_not_matter(
    values: list[Decimal], random: Any
) -> None:
    names = [f"{number}镇" for number in range(len(values))]
    files = [brought(n, name, str(value)) for n, (name, value) in enumerate(zip(names, values, strict=True))]
    (row,) = merge_rows([asked()], files, order=names)
    assert Decimal(row.new) == sum(values)
    assert [part.township for part in row.parts] == names
    random.shuffle(files)
    mixed = merge_rows([asked()], files, order=names)
    assert mixed == (row,)
    assert merge_fingerprint(mixed) == merge_fingerprint([row])


@given(st.lists(st.sampled_from(["人", "%", "元/人", "‰", "家"]), max_size=8), st.lists(figures, max_size=4))
def test_nothing_given_is_lost_and_only_what_adds_up_is_added(
    units: list[str], values: list[Decimal]
) -> None:
    rows = [asked(unit_of_measure=unit) for unit in units]
    files = [brought(n, f"{n}镇", str(value)) for n, value in enumerate(values)]
    for row, unit in zip(merge_rows(rows, files, order=[]), units, strict=True):
        assert [Decimal(part.text) for part in row.parts] == values
        assert row.is_listed is not is_additive(unit)
        assert not row.is_listed or (row.new, row.state) == (row.old, State.SAME)


def test_one_fault_keeps_the_whole_sum_back_with_unit_and_file_named() -> None:
    (row,) = merge_rows(
        [asked()], [brought(1, "甲镇", "3"), brought(2, "乙镇", "约5", State.FAULT)], order=NAMES
    )
    assert (row.state, row.new) == (State.FAULT, "")
    assert row.sentences == ("乙镇（乙镇.xlsx）：应为数字。",)


def test_what_is_not_given_is_no_silent_zero() -> None:
    (row,) = merge_rows([asked()], [brought(1, "甲镇", "3"), brought(2, "乙镇", "", State.SAME)], order=NAMES)
    assert (row.state, row.new) == (State.WARNING, "3")
    assert row.sentences == ("乙镇未填，合计不含。",)


def test_a_unit_of_which_two_files_came_gives_nothing() -> None:
    files = [brought(1, "甲镇", "3"), brought(2, "乙镇", "4"), brought(3, "甲镇", "5")]
    assert {name: [one.number for one in found] for name, found in doubled(files).items()} == {"甲镇": [1, 3]}
    (row,) = merge_rows([asked()], files, order=NAMES)
    assert row.new == "4"


def test_what_the_county_typed_is_asked_but_an_earlier_sum_is_not() -> None:
    files = [brought(1, "甲镇", "3")]
    (typed,) = merge_rows([asked(now="9")], files, order=NAMES)
    assert typed.sentences == ("网上已填“9”，写入后改为合计 3。",)
    (earlier,) = merge_rows([asked(now="9")], files, order=NAMES, gathered=frozenset({"figure:1:value"}))
    assert earlier.state is State.CHANGE


def test_a_sum_beyond_the_limit_or_far_from_last_month_is_told() -> None:
    files = [brought(1, "甲镇", "30"), brought(2, "乙镇", "31")]
    (beyond,) = merge_rows([asked(maximum=Decimal(60))], files, order=NAMES)
    assert beyond.sentences == ("合计 61 超过上限 60，请核对各单位的数。",)
    (far,) = merge_rows([asked(last=Decimal(2))], files, order=NAMES)
    assert far.sentences == ("合计与上月 2 相差超过 5 倍，请核对。",)


# --- at the page ---


@pytest.fixture
def county(db: None) -> Unit:
    unit = make_unit("甲县")
    for name in NAMES:
        make_unit(name, level=Level.SUB, parent=unit)
    return unit


@pytest.fixture
def report(county: Unit) -> Report:
    make_claim(county)
    people = make_field("people", name="培训人数", unit_of_measure="人", minimum=Decimal(0))
    money = make_field("money", name="投入经费", unit_of_measure="万元", decimals=2)
    share = make_field("share", name="培训覆盖率", unit_of_measure="%", decimals=1)
    known = make_field("known", name="名册人数", source="register", source_key="training.persons")
    return make_report(county, make_form(people, money, share, known))


@pytest.fixture
def liaison(county: Unit) -> Client:
    return signed_in(Role.UNIT_LIAISON, county)


def blank(client: Client, report: Report) -> bytes:
    response = client.get(reverse("reporting:township_workbook", args=[report.pk]))
    assert response.status_code == 200
    return response.content


def choose(name: str | None) -> Change:
    def change(book: Any) -> None:
        book["填报单位"]["C4"].value = name

    return change


def filled(content: bytes, name: str | None, people: Any, money: Any = 1.5, share: Any = None) -> bytes:
    return changed(
        content, choose(name),
        put("数据", "本月数", 1, people), put("数据", "本月数", 2, money), put("数据", "本月数", 3, share),
        put("数据", "说明", 1, f"{name}办班"),
    )  # fmt: skip


def bring(client: Client, report: Report, *files: bytes) -> Any:
    sent = [SimpleUploadedFile(f"{n}.xlsx", content) for n, content in enumerate(files, start=1)]
    return client.post(reverse("reporting:townships", args=[report.pk]), {"file": sent}, follow=True)


def take(client: Client, *, tick: tuple[str, ...] = (), partial: bool = False) -> Any:
    batch = WorkbookImport.objects.get(state="open")
    page = client.get(reverse("reporting:merge", args=[batch.pk]))
    posted: dict[str, Any] = {"seen": page.context["seen"], "tick": list(tick)}
    if partial:
        posted["partial"] = "on"
    return client.post(reverse("reporting:merge_take", args=[batch.pk]), posted, follow=True)


def values_of(report: Report) -> dict[str, Decimal | None]:
    return dict(report.figure_lines.values_list("field__code", "value"))


def ref(report: Report, code: str) -> str:
    return f"figure:{report.figure_lines.get(field__code=code).field_id}:value"


def test_the_blank_holds_nothing_of_the_county_and_lists_its_townships(
    liaison: Client, report: Report
) -> None:
    save_cells(
        liaison_of(report.obligation.unit),
        report.pk,
        cells=[CellEdit(ref(report, "people"), "77")],
        at=IN_TIME,
    )
    book = openpyxl.load_workbook(io.BytesIO(blank(liaison, report)))

    assert book.sheetnames[:3] == ["填报单位", "数据", "填表说明"]
    (rule,) = book["填报单位"].data_validations.dataValidation
    assert rule.formula1 == '"甲镇,乙镇,丙镇"'
    texts = [cell.value for row in book["数据"].iter_rows() for cell in row]
    assert "上月数" not in texts
    assert "名册人数" not in texts
    assert not {77, "77"} & set(texts)


def test_three_townships_are_summed_named_and_written(liaison: Client, report: Report, county: Unit) -> None:
    empty = blank(liaison, report)
    preview = bring(
        liaison, report,
        filled(empty, "乙镇", 20, 2.25, "50%"), filled(empty, "甲镇", 10, 1.5, "80%"), filled(empty, "丙镇", 5, 0),
    )  # fmt: skip

    assert preview.status_code == 200
    assert preview.context["townships"] == NAMES
    people, money = preview.context["summed"]
    assert [part.text for part in people.parts] == ["10", "20", "5"]
    assert (people.new, money.new) == ("35", "3.75")
    (share,) = preview.context["listed_figures"]
    assert [part.text for part in share.parts] == ["80", "50", ""]
    assert "不能相加" in preview.text
    assert "乙镇办班" in preview.text
    assert values_of(report)["people"] is None

    done = take(liaison)
    assert "已写入 2 格" in done.text
    values = values_of(report)
    assert (values["people"], values["money"], values["share"]) == (35, Decimal("3.75"), None)
    change = CellChange.objects.get(cell=ref(report, "people"))
    assert change.origin == "workbook"
    assert change.batch is not None
    assert change.batch.sources == "汇总自乙镇、甲镇、丙镇（3 份工作簿）"
    assert "数据 F4" in done.text
    panel = liaison.get(reverse("reporting:cell", args=[report.pk, change.cell]))
    assert "汇总自乙镇、甲镇、丙镇" in panel.text
    assert verify_chain().is_whole


def test_the_files_stay_open_to_those_who_see_the_evidence(
    liaison: Client, report: Report, county: Unit
) -> None:
    sent = filled(blank(liaison, report), "甲镇", 10)
    bring(liaison, report, sent)
    take(liaison, partial=True)
    batch = WorkbookImport.objects.get()
    address = reverse("reporting:import_file", args=[batch.pk, 1])

    assert liaison.get(address).content == sent
    assert liaison.get(reverse("reporting:import_file", args=[batch.pk, 9])).status_code == 404
    sources = reverse("reporting:import_sources", args=[batch.pk])
    assert "第 1 份" in signed_in(Role.COUNTY_REVIEWER, county).get(sources).text
    assert signed_in(Role.UNIT_LIAISON, make_unit()).get(sources).status_code == 404
    assert signed_in(Role.SYSTEM_ADMINISTRATOR).get(address).status_code == 404


def test_missing_units_are_named_and_confirmed(liaison: Client, report: Report) -> None:
    preview = bring(liaison, report, filled(blank(liaison, report), "甲镇", 10))
    assert preview.context["missing"] == ("乙镇", "丙镇")
    assert "还缺 2 个单位" in preview.text

    refused = take(liaison)
    assert refused.status_code == 422
    assert "还缺乙镇、丙镇的表" in refused.text
    assert values_of(report)["people"] is None
    assert "已写入 2 格" in take(liaison, partial=True).text


def test_a_late_unit_joins_what_came_before(liaison: Client, report: Report) -> None:
    empty = blank(liaison, report)
    bring(liaison, report, filled(empty, "甲镇", 10), filled(empty, "乙镇", 20))
    take(liaison, partial=True)
    preview = bring(liaison, report, filled(empty, "丙镇", 5), filled(empty, "乙镇", 21))

    assert preview.context["missing"] == ()
    (people, _money) = preview.context["summed"]
    assert (people.new, people.state) == ("36", State.CHANGE)
    assert "沿用上次" in preview.text
    take(liaison)
    assert values_of(report)["people"] == 36


def test_two_files_of_one_unit_count_neither_until_one_is_taken_away(liaison: Client, report: Report) -> None:
    empty = blank(liaison, report)
    preview = bring(
        liaison, report, filled(empty, "甲镇", 10), filled(empty, "甲镇", 11), filled(empty, "乙镇", 1)
    )

    assert "第 1 份“1.xlsx”、第 2 份“2.xlsx”都是甲镇的表" in preview.text
    assert preview.context["missing"] == ("甲镇", "丙镇")
    batch = WorkbookImport.objects.get()
    posted = {"digest": batch.files[0]["digest"]}
    after = liaison.post(reverse("reporting:leave_out", args=[batch.pk]), posted, follow=True)
    assert after.context["summed"][0].new == "12"
    assert after.context["missing"] == ("丙镇",)


def test_wrong_month_form_unit_and_unnamed_files_are_told_and_the_others_count(
    liaison: Client, county: Unit
) -> None:
    neighbour = make_unit("乙县")
    make_unit("丁镇", level=Level.SUB, parent=neighbour)
    report = make_report(county, make_form(make_field("people", unit_of_measure="人")))
    empty = blank(liaison, report)
    november = make_report(county, Form.objects.get(), month=OCTOBER.plus(1))
    foreign = make_report(neighbour)
    theirs = blank(signed_in(Role.UNIT_LIAISON, neighbour), foreign)

    def named(content: bytes, name: str | None, people: int) -> bytes:
        return changed(content, choose(name), put("数据", "本月数", 1, people))

    preview = bring(
        liaison, report,
        named(empty, "甲镇", 10), named(blank(liaison, november), "乙镇", 20), named(theirs, "丁镇", 30),
        named(empty, None, 40),
        downloaded(liaison, report),
    )  # fmt: skip

    faults = [file.fault for file, _digest in preview.context["files"]]
    assert faults == [
        "",
        "表内报告期为 11 月，当前应报 10 月，请上传当月的表。",
        "表内单位为“乙县”，与“甲县”不符，请上传本单位的表。",
        "没有选填报单位。请在“填报单位”表中从下拉列表选择后再上传。",
        "表内单位为“甲县”，不是本单位的下级单位。",
    ]
    assert preview.context["summed"][0].new == "10"
    assert AuditEvent.objects.filter(act="import.rejected").count() == 4


def test_a_wrong_cell_says_file_sheet_cell_found_expected_and_mend(liaison: Client, report: Report) -> None:
    empty = blank(liaison, report)
    bring(liaison, report, filled(empty, "甲镇", "约50"), filled(empty, "乙镇", 1), filled(empty, "丙镇", 2))
    page = liaison.get(reverse("reporting:merge", args=[WorkbookImport.objects.get().pk]))

    people, money = page.context["summed"]
    assert people.sentences[0].startswith(
        "甲镇（1.xlsx）：工作表“数据”F4 单元格：填的是“约50”，应为数字（单位：人）。"
    )
    assert (people.state, money.state) == (State.FAULT, State.CHANGE)
    assert "有错误未写入 1 格" in take(liaison).text
    assert (values_of(report)["people"], values_of(report)["money"]) == (None, Decimal("4.5"))


def test_a_townships_own_workbook_of_the_same_form_counts_too(county: Unit) -> None:
    form = make_form(make_field("people", unit_of_measure="人"), levels=("county", "sub"))
    report = make_report(county, form)
    township = Unit.objects.get(name="甲镇")
    own = make_report(township, form)
    save_cells(liaison_of(township), own.pk, cells=[CellEdit(ref(own, "people"), "8")], at=IN_TIME)
    content = downloaded(signed_in(Role.UNIT_LIAISON, township), own)

    preview = bring(signed_in(Role.UNIT_LIAISON, county), report, content)
    (people,) = preview.context["summed"]
    assert (people.new, people.parts[0].township) == ("8", "甲镇")


def test_the_blank_of_townships_is_not_taken_for_the_countys_own(liaison: Client, report: Report) -> None:
    content = filled(blank(liaison, report), "甲镇", 10)
    file = SimpleUploadedFile("甲镇.xlsx", content)
    answer = liaison.post(reverse("reporting:workbook_upload", args=[report.pk]), {"file": file})
    assert answer.status_code == 422
    assert "这是发给下级单位的表" in answer.text


def test_what_was_written_is_undone_but_not_what_was_changed_since(
    liaison: Client, report: Report, county: Unit
) -> None:
    people, money = ref(report, "people"), ref(report, "money")
    save_cells(liaison_of(county), report.pk, cells=[CellEdit(people, "7")], at=IN_TIME)
    empty = blank(liaison, report)
    bring(liaison, report, *(filled(empty, name, 10) for name in NAMES))
    take(liaison, tick=(people,))
    assert values_of(report)["people"] == 30
    save_cells(liaison_of(county), report.pk, cells=[CellEdit(money, "99")], at=IN_TIME)

    batch = WorkbookImport.objects.get()
    done = liaison.post(reverse("reporting:import_undo", args=[batch.pk]), follow=True)
    assert "已撤销" in done.text
    values = values_of(report)
    assert (values["people"], values["money"]) == (7, 99)
    batch.refresh_from_db()
    assert (batch.state, batch.outcome["undone"]) == ("undone", [people])
    assert liaison.post(reverse("reporting:import_undo", args=[batch.pk])).status_code == 409


def test_a_moved_sheet_is_previewed_again(liaison: Client, report: Report, county: Unit) -> None:
    empty = blank(liaison, report)
    bring(liaison, report, *(filled(empty, name, 10) for name in NAMES))
    batch = WorkbookImport.objects.get()
    seen = merge_fingerprint(read_merge(batch).rows)
    save_cells(liaison_of(county), report.pk, cells=[CellEdit(ref(report, "people"), "1")], at=IN_TIME)

    with pytest.raises(RecordMoved, match="请重新核对"):
        merging.take_over_townships(liaison_of(county), batch.pk, ticked=(), seen=seen, at=IN_TIME)


def test_the_last_file_is_not_left_out_and_an_upload_is_put_aside(
    liaison: Client, report: Report, county: Unit
) -> None:
    bring(liaison, report, filled(blank(liaison, report), "甲镇", 10))
    batch = WorkbookImport.objects.get()
    with pytest.raises(Invalid, match="请放弃"):
        merging.leave_out_file(liaison_of(county), batch.pk, digest=batch.files[0]["digest"], at=IN_TIME)
    importing.discard_import(liaison_of(county), batch.pk, at=IN_TIME)
    page = liaison.get(reverse("reporting:merge", args=[batch.pk]), follow=True)
    assert "没有导入" in page.text


@pytest.mark.django_db
def test_a_unit_with_nothing_below_it_is_told_so() -> None:
    unit = make_unit()
    report = make_report(unit, make_form(make_field()))
    client = signed_in(Role.UNIT_LIAISON, unit)
    assert "没有下级单位" in client.get(reverse("reporting:townships", args=[report.pk])).text
    assert client.get(reverse("reporting:township_workbook", args=[report.pk])).status_code == 404
    assert "汇总下级单位" not in client.get(reverse("reporting:workbook_upload", args=[report.pk])).text


def rename(page: str, heading: str, called: str) -> Change:
    def change(book: Any) -> None:
        book[page].cell(heading_row(book[page]), column_of(book[page], heading)).value = called

    return change


def test_columns_moved_and_added_are_found_and_renamed_ones_are_asked_for_each_file(
    liaison: Client, report: Report
) -> None:
    def moved(book: Any) -> None:
        book["数据"].move_range("F3:F9", cols=6)
        book["数据"]["N3"].value = "家庭住址"

    empty = blank(liaison, report)
    plain, renamed = (
        filled(empty, "甲镇", 10),
        changed(filled(empty, "乙镇", 20), rename("数据", "本月数", "十月数")),
    )
    page = bring(liaison, report, plain, renamed, changed(filled(empty, "丙镇", 5), moved))
    assert [file.township for file, _digest in page.context["files"]] == ["甲镇", "乙镇", "丙镇"]
    ((waiting, digest),) = page.context["open_files"]
    assert (waiting.name, waiting.unplaced[0].open_titles) == ("2.xlsx", ("本月数",))
    assert "待指明" in page.text
    assert next(row.new for row in page.context["summed"] if row.name == "培训人数") == "15"
    assert page.context["missing"] == ("乙镇",)
    refused = take(liaison, partial=True)
    assert (refused.status_code, "2.xlsx有几列没认出来，请先指明或去掉这份表" in refused.text) == (422, True)

    batch = WorkbookImport.objects.get()
    (letters,) = [at for at, heading in waiting.unplaced[0].spare.items() if heading == "十月数"]
    answer = {f"column:{digest}|数据:本月数": letters}
    page = liaison.post(reverse("reporting:import_columns", args=[batch.pk]), answer, follow=True)
    assert not page.context["open_files"]
    assert next(row.new for row in page.context["summed"] if row.name == "培训人数") == "35"
    assert "已写入" in take(liaison).text
    assert values_of(report)["people"] == 35


def test_a_file_goes_back_to_its_unit_coloured_and_remarked_and_counts_once_mended(
    liaison: Client, report: Report
) -> None:
    empty = blank(liaison, report)
    page = bring(liaison, report, filled(empty, "甲镇", "约5", 2), filled(empty, "乙镇", 20, 3))
    assert [file.doubtful for file, _digest in page.context["files"]] == [1, 0]
    batch = WorkbookImport.objects.get()
    address = reverse("reporting:import_file_marked", args=[batch.pk, 1])
    assert address in page.text
    marked = liaison.get(address)
    book = openpyxl.load_workbook(io.BytesIO(marked.content))
    assert book["填报单位"]["C4"].value == "甲镇"
    cell = book["数据"].cell(heading_row(book["数据"]) + 1, column_of(book["数据"], "本月数"))
    assert cell.value == "约5"
    assert "请填确切的数字" in cell.comment.text
    good = book["数据"].cell(cell.row + 1, cell.column)
    assert (good.value, good.comment) == (2, None)
    assert cell.fill.fgColor.rgb != good.fill.fgColor.rgb
    # The good figure of both is written; the mended file brings the other.
    take(liaison, partial=True, tick=(ref(report, "money"),))
    assert (values_of(report)["people"], values_of(report)["money"]) == (None, 5)
    bring(liaison, report, changed(marked.content, put("数据", "本月数", 1, 5)))
    take(liaison, partial=True)
    assert values_of(report)["people"] == 25
    assert liaison.get(reverse("reporting:import_file_marked", args=[batch.pk, 9])).status_code == 404


def test_the_files_are_parsed_once_whoever_looks_next(
    liaison: Client, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The preview may be answered by another process than the upload: what was parsed lies beside the file."""
    empty = blank(liaison, report)
    bring(liaison, report, filled(empty, "甲镇", 10), filled(empty, "乙镇", 20))

    def parsing(*_given: Any, **_named: Any) -> None:
        raise AssertionError("parsed again")

    monkeypatch.setattr(merge_reads, "parsed_xlsx", parsing)
    assert "已写入" in take(liaison, partial=True).text
    assert values_of(report)["people"] == 30
