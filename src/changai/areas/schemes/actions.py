"""Load an indicator system from the office's workbook, issue it, supersede it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from changai.areas.evidence.actions import keep_file
from changai.areas.evidence.models import EvidenceFile
from changai.areas.facts.queries import fields as dictionary
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.policies import require
from changai.areas.schemes.queries import unknown_fields, version_for
from changai.areas.schemes.rules import next_status, reviewed_fields, storage_faults
from changai.core import scoring
from changai.core.errors import Invalid, RecordMoved, Unreadable
from changai.core.scoring import tabular
from changai.documents.intake.workbook import Sheet, read_workbook
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record

JSON_ENDING = ".json"
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
        raise _refusal(name, [finding.message() for finding in refused.findings]) from refused
    scheme = _with_labels(scheme)
    errors = scoring.errors_of(tabular.Sheeted(scheme, places).findings())
    faults = [finding.message() for finding in errors]
    faults += storage_faults(scheme)
    faults += _unknown(scheme, places)
    if faults:
        raise _refusal(name, faults)
    return scheme


def _unknown(scheme: scoring.Scheme, places: Mapping[str, str]) -> list[str]:
    """Return one sentence for each figure that the dictionary does not hold, at the first row that reads it."""
    first: dict[str, str] = {}
    for table in scheme.tables.values():
        for leaf in table.leaves:
            for field in leaf.rule.fields() if leaf.rule else ():
                first.setdefault(field, places.get(leaf.code, f"指标 {leaf.code}"))
    return [
        f"{first[code]}：" * (code in first) + f"“{code}”不在数据项目录中，请先登记，或改用已有的编码。"
        for code in unknown_fields(scheme)
    ]


def _refusal(name: str, faults: Sequence[str]) -> Invalid:
    return Invalid(f"文件“{name}”中有 {len(faults)} 处需要改正，没有导入。", faults=tuple(faults))


def _parsed(name: str, content: bytes) -> tuple[scoring.Scheme, Mapping[str, str]]:
    """Return the scheme, and where each of its nodes stands in the workbook."""
    if name.lower().endswith(JSON_ENDING):
        if len(content) > MOST_JSON_BYTES:
            raise Unreadable(f"文件“{name}”超过 {MOST_JSON_BYTES // 2**20} MB，不像是指标体系，没有接收。")
        return scoring.Scheme.from_json(content), {}
    book = read_workbook(content, name=name)
    sheets = [sheet for sheet in book.sheets if not sheet.hidden]
    faults = [fault for sheet in sheets for fault in _cell_faults(sheet)]
    if faults:
        raise _refusal(name, faults)
    rows = {sheet.name: [[cell.value for cell in row] for row in sheet.rows] for sheet in sheets}
    sheeted = tabular.read_sheets(rows, name=name.rsplit(".", 1)[0])
    return sheeted.scheme, sheeted.places


def _cell_faults(sheet: Sheet) -> list[str]:
    return [
        f"工作表“{sheet.name}”，单元格 {cell.address}：现为 {cell.text}，应为文字或数字。请改正后重新上传。"
        for row in sheet.rows
        for cell in row
        if cell.error is not None or (cell.formula is not None and cell.value is None)
    ]


def _with_labels(scheme: scoring.Scheme) -> scoring.Scheme:
    """Return the scheme with a name and unit for each figure it reads, and for no other."""
    used = dict.fromkeys(code for table in scheme.tables.values() for code in table.fields())
    judged = {code for table in scheme.tables.values() for code in reviewed_fields(table)}
    labels = {code: scoring.Field(code, "人工核定得分", "分") for code in judged}
    labels |= {field.name: field for field in scheme.fields}
    labels |= {
        field.code: scoring.Field(field.code, field.name, field.unit_of_measure) for field in dictionary()
    }
    # A figure that nobody knows stands under its code here; `_unknown` tells it better than the core can.
    return replace(scheme, fields=tuple(labels.get(code, scoring.Field(code, code)) for code in used))


def load_scheme(
    actor: Actor, *, file_name: str, content: bytes, at: datetime, once: str = ""
) -> SchemeVersion:
    """Read an indicator system from a file and keep it as a draft, with the file as its source.

    :raises Unreadable: when the file cannot be read
    :raises Invalid: with one sentence for each fault; nothing is kept
    """
    require(actor, "scheme.edit")
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
    version.content, version.digest = scheme.to_dict(), scheme.digest
    version.source_file = source
    version.loaded_at, version.loaded_by_name = at, actor.name
    version.version += 1
    version.save()
    record(actor, "scheme.load", version, at=at, digest=scheme.digest)
    return version


@action("scheme.issue")
def issue_scheme(actor: Actor, version_id: int, *, version: int, at: datetime) -> SchemeVersion:
    """Issue a draft: it is fixed from now on. Earlier issued versions of the same year and name are superseded.

    :raises RecordMoved: when it is not a draft any more, or was replaced meanwhile
    """
    require(actor, "scheme.issue")
    issued = _locked(actor, version_id)
    if issued.version != version:
        raise RecordMoved(f"“{issued.name}”的草案刚被重新导入，请核对新内容后再印发。")
    status = next_status(issued.status, "issue")
    if status is None:
        raise RecordMoved(f"“{issued.name}”{issued.version_label} 版已经印发过了。")
    earlier = SchemeVersion.objects.select_for_update().filter(
        name=issued.name, year=issued.year, status=SchemeVersion.Status.ISSUED
    )
    for old in earlier:
        old.status = SchemeVersion.Status.SUPERSEDED
        old.version += 1
        old.save(update_fields=["status", "version"])
        record(actor, "scheme.supersede", old, at=at, by=issued.pk)
    issued.status, issued.issued_at, issued.issued_by_name = status, at, actor.name
    issued.version += 1
    issued.save(update_fields=["status", "issued_at", "issued_by_name", "version"])
    record(actor, "scheme.issue", issued, at=at, digest=issued.digest)
    return issued


def _locked(actor: Actor, version_id: int) -> SchemeVersion:
    version_for(actor, version_id)
    return SchemeVersion.objects.select_for_update().get(pk=version_id)
