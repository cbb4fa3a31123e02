"""Beginning a draft: empty, from an earlier version, or from the office's own table; and giving it up."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from changai.areas.evidence.actions import keep_file
from changai.areas.evidence.models import EvidenceFile
from changai.areas.schemes.actions._drafting import open_draft
from changai.areas.schemes.actions.loading import cell_faults, refusal_of
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.policies import require
from changai.areas.schemes.queries import guessed_figures, labelled, scheme_of, version_for
from changai.areas.schemes.rules import LONGEST, YEARS
from changai.core import scoring
from changai.core.errors import Invalid, RecordMoved, Unreadable
from changai.core.scoring import tabular
from changai.documents.intake.addresses import split_address
from changai.documents.intake.workbook import Sheet, read_workbook
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.quarantine import refusals_kept

PLAIN_SHEETS = ("sheet", "工作表", "csv")


@dataclass(frozen=True)
class Named:
    """How a draft is called."""

    name: str
    year: int
    label: str


@action("scheme.start")
def start_scheme(
    actor: Actor, named: Named, *, category: str = "", copied: int | None = None, at: datetime
) -> SchemeVersion:
    """Begin a draft: an empty table of `category`, or a copy of the version `copied`.

    :raises Invalid: when the name does not fit
    :raises RecordMoved: when there is such a version already
    """
    require(actor, "scheme.edit")
    earlier = version_for(actor, copied) if copied is not None else None
    if earlier:
        scheme = replace(scheme_of(earlier), scheme=named.name, year=named.year, version=named.label)
    else:
        table = scoring.Table(category.strip() or "县区", ())
        scheme = scoring.Scheme(named.name, {table.category: table}, named.year, named.label)
    waiting = earlier.waiting if earlier else {}
    row = _kept(actor, scheme, named, waiting=waiting, source=None, at=at)
    row.made_from = earlier
    row.save(update_fields=["made_from"])
    record(actor, "scheme.start", row, at=at, copied=copied)
    return row


def adopt_file(
    actor: Actor, named: Named, *, category: str, file_name: str, content: bytes, at: datetime, once: str = ""
) -> SchemeVersion:
    """Take in the office's own table as a draft whose scoring sentences wait to be confirmed one by one.

    :raises Unreadable: when the file cannot be read
    :raises Invalid: with one sentence for each fault, naming sheet, row and column; nothing is kept
    """
    require(actor, "scheme.edit")
    with refusals_kept(actor, name=file_name, content=content, at=at):
        tables = read_office_file(file_name, content, category=category)
    if actor.unit_id is None:
        raise Invalid("您的账号没有所属单位，不能导入文件，请联系安全管理员。")
    source = keep_file(actor, unit_id=actor.unit_id, name=file_name, content=content, at=at)
    return adopt_tables(  # type: ignore[call-arg]  # every action takes `once`
        actor, named, tables=tables, source=source, at=at, once=once
    )


def read_office_file(name: str, content: bytes, *, category: str) -> list[tabular.OfficeTable]:
    """Return the tables in an office's own workbook: one for each sheet that has such heads.

    :raises Unreadable: when the file cannot be read
    :raises Invalid: with one sentence for each fault of all sheets
    """
    sheets = [sheet for sheet in read_workbook(content, name=name).sheets if not sheet.hidden and sheet.rows]
    if not sheets:
        raise Unreadable(f"文件“{name}”是空的，没有导入。")
    found, faults = [], [fault for sheet in sheets for fault in cell_faults(sheet)]
    for sheet in sheets:
        try:
            found.append(_office_table(sheet, category if len(sheets) == 1 else ""))
        except scoring.SchemeRefused as refused:
            faults += [finding.message() for finding in refused.findings]
    if faults:
        raise refusal_of(name, faults)
    return found


def _office_table(sheet: Sheet, category: str) -> tabular.OfficeTable:
    rows = [[cell.value for cell in row] for row in sheet.rows]
    merged = [_corners(span) for span in sheet.merged]
    plain = sheet.name.lower().startswith(PLAIN_SHEETS)
    named = category.strip() or ("县区" if plain else sheet.name[: LONGEST["类别"]])
    return tabular.read_office_table(sheet.name, rows, merged, category=named)


def _corners(span: str) -> tuple[int, int, int, int]:
    first, _colon, last = span.partition(":")
    return (*split_address(first), *split_address(last or first))


@action("scheme.adopt")
def adopt_tables(
    actor: Actor,
    named: Named,
    *,
    tables: list[tabular.OfficeTable],
    source: EvidenceFile | None,
    at: datetime,
) -> SchemeVersion:
    """Keep an office's tables as a draft; each scoring sentence waits for a person.

    :raises Invalid: when two tables are of one category, or the name does not fit
    :raises RecordMoved: when there is such a version already
    """
    require(actor, "scheme.edit")
    if len({found.table.category for found in tables}) < len(tables):
        raise Invalid("有两张指标表的考核对象类别相同，请把工作表名称改为各自的类别。")
    scheme = scoring.Scheme(
        named.name, {found.table.category: found.table for found in tables}, named.year, named.label
    )
    waiting = {found.table.category: _waiting(found) for found in tables}
    row = _kept(actor, scheme, named, waiting=waiting, source=source, at=at)
    record(actor, "scheme.adopt", row, at=at, waiting=row.waiting_count)
    return row


def _waiting(found: tabular.OfficeTable) -> dict[str, Any]:
    return {
        each.code: {
            "place": each.place,
            "wording": each.wording,
            "sentence": each.proposal.sentence,
            "certainty": each.proposal.certainty,
            "unread": each.proposal.unread,
            "needs": each.proposal.figures,
            "figures": guessed_figures(each.name, each.wording, each.proposal),
        }
        for each in found.waiting
    }


def _kept(
    actor: Actor,
    scheme: scoring.Scheme,
    named: Named,
    *,
    waiting: dict[str, Any],
    source: EvidenceFile | None,
    at: datetime,
) -> SchemeVersion:
    _check(named)
    key = {"name": named.name, "year": named.year, "version_label": named.label}
    if SchemeVersion.objects.filter(**key).exists():
        raise RecordMoved(f"“{named.name}”{named.year} 年度已有 {named.label} 版，请改用别的版本号。")
    scheme = labelled(scheme)
    return SchemeVersion.objects.create(
        **key,
        content=scheme.to_dict(),
        digest=scheme.digest,
        waiting=waiting,
        source_file=source,
        loaded_at=at,
        loaded_by_name=actor.name,
    )


def _check(named: Named) -> None:
    faults = []
    if not named.name.strip() or len(named.name) > LONGEST["方案名称"]:
        faults.append(f"请填写方案名称（不超过 {LONGEST['方案名称']} 个字）。")
    if not named.label.strip() or len(named.label) > LONGEST["版本"]:
        faults.append(f"请填写版本号（不超过 {LONGEST['版本']} 个字）。")
    if named.year not in YEARS:
        faults.append(f"年度应在 {YEARS[0]} 至 {YEARS[-1]} 之间。")
    if faults:
        raise Invalid(faults[0], faults=tuple(faults))


@action("scheme.discard")
def discard_draft(actor: Actor, version_id: int, *, version: int, at: datetime) -> str:
    """Give a draft up and return what it was called; the audit log keeps that it was there.

    :raises Invalid: when it was sent to units for comment
    """
    row = open_draft(actor, version_id, version)
    if row.consultations.exists():
        raise Invalid("这份草案已经征求过意见，须留存备查，不能删除。")
    named = str(row)
    record(actor, "scheme.discard", row, at=at, digest=row.digest, name=named)
    SchemeVersion.objects.filter(made_from=row).update(made_from=None)
    row.delete()
    return named
