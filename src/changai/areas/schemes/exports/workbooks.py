"""An indicator system as the office's workbook, and the empty one to begin with."""

from datetime import datetime

from changai.areas.facts.queries import fields as dictionary
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries import scheme_of
from changai.core import scoring
from changai.core.scoring import tabular
from changai.core.scoring.tabular import columns as heads
from changai.core.scoring.wordings import WORDINGS
from changai.documents.workbooks import Column, SheetContent, write_workbook

BLANK_ROWS = 60
DEFAULT_NAME = "产业工人队伍建设改革评价考核指标体系"
NOTES = (
    ("类别", "考核对象的类别，如 县区、成员单位、直属企业，或组织机构中分组的名称；与上一行相同时可以不填。"),
    (
        "一级指标、二级指标、三级指标",
        "名称写在所在层级的列中；与上一行相同的上级指标可以不填，也可以合并单元格。",
    ),
    ("分值", "末级指标必须填写；同一上级的分值相加须等于上级的分值，各一级指标相加须等于满分（100分）。"),
    ("评分规则", "系统据以计分，须写成本表下方所列句式之一。"),
    ("评分标准", "印发时的文字表述，原样显示，不参与计分。"),
    ("数据项", "评分所用的数据，写“数据项”工作表中的名称或编码；求比率时写成“完成数/计划数”。"),
    ("项目", "留空为一般指标；也可写 加分、减分、否决。"),
)


def scheme_workbook(version: SchemeVersion) -> bytes:
    """Return the version as a workbook that loads back as the same scheme."""
    created: datetime = version.issued_at or version.loaded_at
    return workbook_of(scheme_of(version), created=created)


def workbook_of(scheme: scoring.Scheme, *, created: datetime) -> bytes:
    """Return a scheme as a workbook with the sheets 指标表, 等次, 设置 and 数据项."""
    sheets = [
        _sheet(name, f"{scheme.scheme} {name}", rows)
        for name, rows in tabular.scheme_to_sheets(scheme).items()
    ]
    return write_workbook(sheets, created=created)


def blank_workbook(year: int, *, created: datetime) -> bytes:
    """Return an empty workbook to write an indicator system in, with the dictionary and the known sentences."""
    fields = [[field.code, field.name, field.unit_of_measure] for field in dictionary()]
    settings = [["", "方案名称", DEFAULT_NAME], ["", "年度", str(year)], ["", "版本", "1.0"]]
    sheets = [
        _sheet(heads.INDICATORS, "指标体系 指标表", [list(heads.INDICATOR_HEADS)], blank_rows=BLANK_ROWS),
        _sheet(heads.GRADES, "指标体系 等次", [list(heads.GRADE_HEADS)], blank_rows=8),
        _sheet(heads.SETTINGS, "指标体系 设置", [list(heads.SETTING_HEADS), *settings], blank_rows=8),
        _sheet(heads.FIELDS, "数据项目录", [list(heads.FIELD_HEADS), *fields]),
        _notes(),
    ]
    return write_workbook(sheets, created=created)


def _sheet(name: str, title: str, rows: list[list[str]], *, blank_rows: int = 0) -> SheetContent:
    columns = tuple(Column(head) for head in rows[0])
    return SheetContent(name=name, title=title, columns=columns, rows=rows[1:], blank_rows=blank_rows)


def _notes() -> SheetContent:
    rows = [list(note) for note in NOTES]
    rows += [["评分规则可用的句式", wording.example] for wording in WORDINGS]
    columns = (Column("项目", 18), Column("填写要求", 60))
    return SheetContent(name="填写说明", title="指标表填写说明", columns=columns, rows=rows)
