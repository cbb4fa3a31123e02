"""Loading an indicator system from the workbook this product writes, or from JSON: whole and valid, or not at all."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from changai.areas.evidence.actions import keep_file
from changai.areas.evidence.models import EvidenceFile
from changai.areas.schemes.actions._drafting import keep_way_back
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.policies import require
from changai.areas.schemes.queries import labelled, unknown_fields
from changai.areas.schemes.rules import storage_faults
from changai.core import scoring
from changai.core.errors import Invalid, RecordMoved, Unreadable
from changai.core.scoring import tabular
from changai.core.scoring.tabular import columns as heads
from changai.documents.intake.workbook import Cell, Sheet, read_workbook
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.quarantine import refusals_kept

JSON_ENDING = ".json"
HEAD_ROWS = 10
MOST_JSON_BYTES = 5 * 2**20


def read_scheme(name: str, content: bytes) -> scoring.Scheme:
    """Return the valid scheme in a workbook (.xlsx) or a .json file; names and units of figures come from
    the dictionary.

    :raises Unreadable: when the file cannot be read
    :raises Invalid: with one sentence for each fault, naming sheet, row and column
    """
    try:
        scheme, places = _parsed(name, content)
    except scoring.SchemeRefused as refused:
        raise refusal_of(name, [finding.message() for finding in refused.findings]) from refused
    scheme = labelled(scheme)
    errors = scoring.errors_of(tabular.Sheeted(scheme, places).findings())
    faults = [finding.message() for finding in errors]
    faults += storage_faults(scheme)
    faults += _unknown(scheme, places)
    if faults:
        raise refusal_of(name, faults)
    return scheme


def is_own_file(name: str, content: bytes) -> bool:
    """Return whether a file is JSON or a workbook of this product (heads 评分规则 and 数据项 in one row); else it
    is an office's own table.

    :raises Unreadable: when the file cannot be read
    """
    if name.lower().endswith(JSON_ENDING):
        return True
    return any(
        {heads.RULE, heads.FIGURES} <= {cell.text.strip() for cell in row}
        for sheet in read_workbook(content, name=name).sheets
        for row in sheet.rows[:HEAD_ROWS]
    )


def _unknown(scheme: scoring.Scheme, places: tabular.Places) -> list[str]:
    """Return one sentence for each figure that the dictionary does not hold, at the first row that reads it."""
    first: dict[str, str] = {}
    for table in scheme.tables.values():
        for leaf in table.leaves:
            for field in leaf.rule.fields() if leaf.rule else ():
                first.setdefault(field, places.of(table.category, leaf.code) or f"指标 {leaf.code}")
    return [
        f"{first[code]}：" * (code in first) + f"“{code}”不在数据项目录中，请先登记，或改用已有的编码。"
        for code in unknown_fields(scheme)
    ]


def refusal_of(name: str, faults: Sequence[str]) -> Invalid:
    """Return the refusal of a file with all its faults."""
    return Invalid(f"文件“{name}”中有 {len(faults)} 处需要改正，没有导入。", faults=tuple(faults))


def _parsed(name: str, content: bytes) -> tuple[scoring.Scheme, tabular.Places]:
    """Return the scheme, and where each of its nodes stands in the workbook."""
    if name.lower().endswith(JSON_ENDING):
        if len(content) > MOST_JSON_BYTES:
            raise Unreadable(f"文件“{name}”超过 {MOST_JSON_BYTES // 2**20} MB，不像是指标体系，没有接收。")
        return scoring.Scheme.from_json(content), tabular.Places()
    book = read_workbook(content, name=name)
    sheets = [sheet for sheet in book.sheets if not sheet.hidden]
    faults = [fault for sheet in sheets for fault in cell_faults(sheet)]
    if faults:
        raise refusal_of(name, faults)
    rows = {sheet.name: [[cell.value for cell in row] for row in sheet.rows] for sheet in sheets}
    sheeted = tabular.read_sheets(rows, name=name.rsplit(".", 1)[0])
    return sheeted.scheme, sheeted.places


def cell_faults(sheet: Sheet) -> list[str]:
    """Return one sentence for each cell that holds an error, a formula without its result, or points as a percentage.

    5% of a hundred points is 5, and the cell holds 0.05: which is meant, its writer knows.
    """
    points = tabular.points_columns([[cell.text for cell in row] for row in sheet.rows[:HEAD_ROWS]])
    return [
        f"工作表“{sheet.name}”，单元格 {cell.address}：{told}"
        for row in sheet.rows
        for column, cell in enumerate(row, start=1)
        if (told := _cell_fault(cell, is_points=column in points))
    ]


def _cell_fault(cell: Cell, *, is_points: bool) -> str:
    if cell.error is not None or (cell.formula is not None and cell.value is None):
        return f"现为 {cell.text}，应为文字或数字。请改正后重新上传。"
    if is_points and (cell.is_percent or cell.text.rstrip().endswith(("%", "％"))):
        stored = f"百分比格式，存的是 {cell.text}" if cell.is_percent else cell.text
        return f"现为{stored}，分不清是多少分。请改为常规数字、写明分值后重新上传。"
    return ""


def load_scheme(
    actor: Actor, *, file_name: str, content: bytes, at: datetime, once: str = ""
) -> SchemeVersion:
    """Read an indicator system from a file and keep it as a draft, with the file as its source.

    :raises Unreadable: when the file cannot be read
    :raises Invalid: with one sentence for each fault; nothing is kept
    """
    require(actor, "scheme.edit")
    with refusals_kept(actor, name=file_name, content=content, at=at):
        scheme = read_scheme(file_name, content)
    if actor.unit_id is None:
        raise Invalid("您的账号没有所属单位，不能导入文件，请联系安全管理员。")
    source = None
    if not file_name.lower().endswith(JSON_ENDING):
        source = keep_file(actor, unit_id=actor.unit_id, name=file_name, content=content, at=at)
    return keep_draft(  # type: ignore[call-arg]  # every action takes `once`
        actor, scheme=scheme, source=source, at=at, once=once
    )


@action("scheme.load")
def keep_draft(
    actor: Actor, *, scheme: scoring.Scheme, source: EvidenceFile | None, at: datetime
) -> SchemeVersion:
    """Keep a valid scheme as a draft; a draft of the same name, year and version is replaced.

    :raises RecordMoved: when that version is already issued
    """
    require(actor, "scheme.edit")
    year = scheme.year or timezone.localdate(at).year
    key = {"name": scheme.scheme, "year": year, "version_label": scheme.version}
    earlier = SchemeVersion.objects.select_for_update().filter(**key).first()
    if earlier and earlier.status != SchemeVersion.Status.DRAFT:
        raise RecordMoved(
            f"“{scheme.scheme}”{scheme.version} 版已印发，不能再修改。如需调整，请更换版本号后作为新版本导入。"
        )
    version = earlier or SchemeVersion(**key, version=0)
    if earlier:
        keep_way_back(actor, earlier, sentence="由导入的文件替换", at=at)
    version.content, version.digest = scheme.to_dict(), scheme.digest
    version.source_file, version.waiting = source, {}
    version.loaded_at, version.loaded_by_name = at, actor.name
    version.version += 1
    version.save()
    record(actor, "scheme.load", version, at=at, digest=scheme.digest)
    return version
