"""Damaged files: whatever happens to their bytes, the caller gets a value or one refusal."""

import base64
import io
import json
import random
import re
from collections.abc import Callable

import pytest
import xlsxwriter

from changai.core.errors import Unreadable
from changai.documents.intake.sandbox import parse_limited
from changai.documents.intake.tests.files import docx_parts, listed, make_zip, paragraph, xlsx_parts
from changai.documents.intake.tests.test_text import NUMBERING, STYLES
from changai.documents.intake.text import read_document
from changai.documents.intake.workbook import read_workbook

MANY = "changai.documents.intake.tests.hostile:many"
SEED = 20261005


def _paper() -> dict[str, str | bytes]:
    body = "".join(listed(f"第{at}项工作", 1, at % 4) for at in range(12)) + paragraph("正文")
    return docx_parts(body, numbering=NUMBERING, styles=STYLES)


def _book() -> dict[str, str | bytes]:
    rows = "".join(
        f'<row r="{at}"><c r="A{at}" t="s"><v>{at % 3}</v></c><c r="B{at}" s="1"><f>A1</f><v>{at}.5</v></c>'
        f'<c r="C{at}" t="e"><v>#N/A</v></c></row>'
        for at in range(1, 12)
    )
    strings = "<si><t>甲</t></si><si><t>乙</t></si><si><r><t>丙</t></r></si>"
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    return xlsx_parts(
        rows, strings=strings, styles=styles, after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    )


def _scrambled(source: bytes, chance: random.Random) -> bytes:
    """Flip, cut out, repeat or insert a few bytes."""
    changed = bytearray(source)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed))
        kind = chance.randrange(4)
        if kind == 0:
            changed[at] = chance.randrange(256)
        elif kind == 1:
            del changed[at : at + chance.randint(1, 40)]
        elif kind == 2:
            changed[at:at] = changed[at : at + chance.randint(1, 40)]
        else:
            changed[at:at] = chance.randbytes(chance.randint(1, 8))
        if not changed:
            break
    return bytes(changed)


def _mutants(parts: dict[str, str | bytes], count: int) -> list[bytes]:
    """Half damaged as files, half damaged inside a part of an intact archive, where the parsers see it."""
    chance = random.Random(SEED)  # noqa: S311  # repeatable, not secret
    whole = make_zip(parts)
    damaged = [_scrambled(whole, chance) for _ in range(count // 2)]
    for _ in range(count // 2):
        name = chance.choice(sorted(parts))
        content = parts[name]
        raw = content.encode() if isinstance(content, str) else content
        damaged.append(make_zip(parts | {name: _scrambled(raw, chance)}))
    return damaged


@pytest.mark.parametrize(
    ("parser", "parts"),
    [("changai.documents.intake.docx:parse", _paper()), ("changai.documents.intake.xlsx:parse", _book())],
    ids=["docx", "xlsx"],
)
def test_four_hundred_damaged_files_each(parser: str, parts: dict[str, str | bytes]) -> None:
    files = [base64.b64encode(file).decode() for file in _mutants(parts, 400)]
    ends = parse_limited(MANY, json.dumps({"parser": parser, "files": files}).encode(), name="many")
    assert set(ends) <= {"read", "refused"}, ends
    assert sum(ends.values()) == 400
    assert ends["read"] > 10
    assert ends["refused"] > 100


def _told(read: Callable[..., object], source: bytes, name: str) -> str:
    """Return the refusal's sentence, or "" when the file was read."""
    try:
        read(source, name=name)
    except Unreadable as refused:
        return str(refused)
    return ""


def test_damaged_files_through_the_public_functions() -> None:
    told = [_told(read_document, file, "a.docx") for file in _mutants(_paper(), 8)]
    told += [_told(read_workbook, file, "a.xlsx") for file in _mutants(_book(), 8)]
    assert any(told)
    assert all(re.match(r"$|a\.(docx|xlsx)：.+。$", sentence) for sentence in told)


def test_a_text_file_of_any_bytes_is_read_or_refused() -> None:
    chance = random.Random(SEED)  # noqa: S311
    told = []
    for _ in range(300):
        raw = _scrambled(
            "一、总体要求\n各单位要落实。\n".encode(chance.choice(["utf-8", "gb18030"])) * 3, chance
        )
        told += [_told(read_document, raw, "a.txt"), _told(read_workbook, raw, "a.csv")]
    assert any(told)
    assert all(re.match(r"$|a\.(txt|csv)：.+。$", sentence) for sentence in told)


def test_a_member_whose_stream_lies_about_its_length() -> None:
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True})
    book.add_worksheet().write("A1", "甲" * 1000)
    book.close()
    source = bytearray(packed.getvalue())
    at = source.find(b"PK\x01\x02")
    source[at + 16] ^= 0xFF
    with pytest.raises(Unreadable, match="已损坏"):
        read_workbook(bytes(source), name="a.xlsx")
