"""The files that people of the journey bring along, written here in the test's own words."""

import io
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.utils import timezone
from docx import Document
from openpyxl import Workbook

from changai.areas.schemes.exports import workbook_of
from changai.core import scoring

FRAMEWORK_TITLE = "示范市深化产业工人队伍建设改革实施方案"
FRAMEWORK = f"""{FRAMEWORK_TITLE}
为深化产业工人队伍建设改革，制定本方案。
一、强化思想政治引领
（一）加强理论武装。深入一线开展宣讲，推动党的创新理论进企业、进车间、进班组。
二、健全技能形成体系
（一）开展大规模职业技能培训。三年培训产业工人3万人次以上，培训后取得证书的比例达到60%以上。
"""

POINTS_TITLE = "示范市产业工人队伍建设改革工作要点"
INDICATORS_TITLE = "示范市县区评价考核指标体系"
CLOSING = "示范市产业工人队伍建设改革协调小组办公室"


def points(ends_on: date) -> str:
    """Return yearly work points whose measures name quantities and dates."""
    return f"""{POINTS_TITLE}
为做好本年度产业工人队伍建设改革工作，提出以下要点。
一、抓好思想引领
（一）开展职工宣讲。组织“送政策进班组”宣讲50场。制作宣讲微视频10部。
二、抓好素质提升
（一）扩大技能培训。开展技能培训2000人次；{ends_on.year}年{ends_on.month}月底前培训后取证比例达到60%以上。
（二）办好劳动竞赛。举办示范性劳动竞赛5场。推广先进操作法。
{CLOSING}"""


def docx(text: str) -> bytes:
    """Return a text as a Word file, a paragraph a line."""
    document = Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def xlsx(*rows: Sequence[object], sheet: str = "Sheet1") -> bytes:
    """Return rows as a plain workbook."""
    book = Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


ROSTER_HEADS = ("编号", "名称", "简称", "层级", "上级编号", "排序", "联络员", "办公电话")


def roster() -> bytes:
    """Return a workbook of units, one below the other."""
    return xlsx(
        ROSTER_HEADS,
        ("M01", "市教育局", "市教育局", "成员单位", "S00", 1, "教育局联络员", ""),
        ("C01", "示东县", "示东县", "县区", "S00", 1, "示东县联络员", "0000-1234567"),
        ("C02", "示西县", "示西县", "县区", "S00", 2, "示西县联络员", ""),
    )


def indicator_workbook(year: int, file: str = "indicators.json", title: str = INDICATORS_TITLE) -> bytes:
    """Return an indicator system for counties as the office's workbook."""
    written = json.loads(Path(__file__).with_name(file).read_text(encoding="utf-8"))
    scheme = scoring.Scheme.from_json(written | {"scheme": title, "year": year})
    return workbook_of(scheme, created=timezone.localtime())
