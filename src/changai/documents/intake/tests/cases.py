"""Files nobody should have to open: the refused ones of the named cases X01 to X27 and X81 to X91, made here.

Each has a name as people would give it and the words the person reads.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from changai.documents.intake.tests.files import S, make_docx, make_ole, make_xlsx, make_zip, xlsx_parts

CELL = '<row r="1"><c r="A1"><v>1</v></c></row>'
SHEET = "xl/worksheets/sheet1.xml"


@dataclass(frozen=True)
class Case:
    """A file, how it is called, and what is told."""

    name: str
    told: str
    make: Callable[[], bytes]


def zip_bomb(megabytes: int = 630) -> bytes:
    """A sheet of blanks beside ballast that keeps the ratio inconspicuous, packed once and repeated."""
    ballast = random.Random(1).randbytes(1_600_000)  # noqa: S311  # keeps the ratio inconspicuous
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    stream = block * megabytes + zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in (xlsx_parts("") | {"xl/x.bin": ballast, SHEET: stream}).items():
            archive.writestr(name, content)
        sheet = archive.getinfo(SHEET)
        sheet.compress_type, sheet.file_size = zipfile.ZIP_DEFLATED, megabytes * 1_000_000
    return written.getvalue()


def overlapping_bomb(copies: int = 150) -> bytes:
    """Many entries of the directory that all point at one packed stream, each declared small."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = bytes(2_000_000)
    stream = packed.compress(plain) + packed.flush()
    checksum = zlib.crc32(plain)
    name = b"a"
    sizes = (checksum, len(stream), len(plain))
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, *sizes, len(name), 0) + name + stream
    directory = b""
    for number in range(copies):
        called = b"[Content_Types].xml" if number == 0 else b"a%03d" % number
        head = (0x02014B50, 20, 20, 0, 8, 0, 0, *sizes, len(called), 0, 0, 0, 0, 0, 0)
        directory += struct.pack("<IHHHHHHIIIHHHHHII", *head) + called
    end = (0x06054B50, 0, 0, copies, copies, len(directory), len(local), 0)
    return local + directory + struct.pack("<IHHHHIIH", *end)


def doubled_entries() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in xlsx_parts(CELL).items():
            archive.writestr(name, content)
        archive.fp.flush() if archive.fp else None
        archive.NameToInfo.pop(SHEET)  # or zipfile warns
        archive.writestr(SHEET, "<worksheet/>")
    return packed.getvalue()


def with_part(name: str, content: bytes = b"x") -> bytes:
    return make_zip(xlsx_parts(CELL) | {name: content})


def with_backslash() -> bytes:
    return with_part("xl/zz/zz.xml").replace(b"xl/zz/zz.xml", b"..\\zz/zz.xml")


def with_doctype(declaration: str) -> bytes:
    return make_zip(xlsx_parts("") | {SHEET: f'{declaration}<worksheet xmlns="{S}"/>'})


def many_sheets() -> bytes:
    return make_zip(xlsx_parts(CELL) | {f"xl/worksheets/s{number}.xml": b"" for number in range(300)})


def million_rows() -> bytes:
    return make_xlsx(CELL + '<row r="1000001"><c r="A1000001"><v>1</v></c></row>')


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'

REFUSED: dict[str, Case] = {
    "X01": Case("月报.xlsx", "文件解压后过大（超过 600 MB），疑似异常文件", zip_bomb),
    "X02": Case("月报.xlsx", "文件不完整或已损坏", overlapping_bomb),
    "X04": Case("月报.xlsx", "文件结构重复", doubled_entries),
    "X04 多": Case("月报.xlsx", "最多 200 个", lambda: make_zip({f"x{n}": b"" for n in range(201)})),
    "X05": Case("月报.xlsx", "文件内部路径异常", lambda: with_part("../外面.xml")),
    "X05 斜杠": Case("月报.xlsx", "文件内部路径异常", lambda: with_part("/etc/x.xml")),
    "X05 反斜杠": Case("月报.xlsx", "文件内部路径异常", with_backslash),
    "X06": Case("月报.xlsx", "不是有效的 Excel 工作簿", "单位,数量\n甲县,5\n".encode),
    "X07": Case("月报.xlsx", "文件不完整，请重新上传", lambda: make_xlsx(CELL)[:-40]),
    "X08": Case("月报.xlsx", "文件为空", bytes),
    "X09": Case("月报.xlsx", "文件已加密，请取消密码后上传", partial(make_ole, "EncryptedPackage")),
    "X10": Case("月报.xlsx", "另存为 .xlsx", partial(make_ole, "Workbook")),
    "X10 后缀": Case("月报.xls", "另存为 .xlsx", partial(make_ole, "Workbook")),
    "X11": Case(
        "月报.xlsx", "文件实际是网页格式", lambda: b"<html><table><tr><td>1</td></tr></table></html>"
    ),
    "X12": Case("月报.xlsm", "含宏的文件不接收，请另存为 .xlsx", lambda: with_part("xl/vbaProject.bin")),
    "X13": Case("月报.xlsx", "含宏的文件不接收", lambda: with_part("xl/macrosheets/sheet1.xml")),
    "X13 VBA": Case("月报.xlsx", "含宏的文件不接收", lambda: with_part("xl/vbaProject.bin")),
    "X14 xlsb": Case("月报.xlsx", "另存为", lambda: with_part("xl/workbook.bin")),
    "X14 ods": Case("月报.ods", "另存为 .xlsx", lambda: make_zip({"mimetype": b"x"})),
    "X14 et": Case("月报.et", "另存为 .xlsx", partial(make_ole, "Workbook")),
    "X15": Case(
        "月报.xlsx",
        "不允许的文档类型声明",
        lambda: with_doctype('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'),
    ),
    "X16": Case("月报.xlsx", "不允许的文档类型声明", lambda: with_doctype(LAUGHS)),
    "X18": Case("月报.xlsx", "嵌入对象", lambda: with_part("xl/embeddings/oleObject1.bin")),
    "X18 控件": Case("月报.xlsx", "嵌入对象", lambda: with_part("xl/activeX/activeX1.xml")),
    "X19": Case("月报.xlsx", "压缩比异常", lambda: with_part("xl/media/image1.bmp", bytes(90_000_000))),
    "X20": Case(
        "月报.xlsx",
        "表格范围异常",
        lambda: make_xlsx(CELL + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    ),
    "X22": Case("月报.xlsx", "列数超过 200", lambda: make_xlsx('<row r="1"><c r="XFD1"><v>1</v></c></row>')),
    "X23": Case("月报.xlsx", "最多 200 个", many_sheets),
    "X24": Case("月报.xlsx", "不是有效的 Excel 工作簿", lambda: b"\0" * 16 + make_xlsx(CELL)),
    "X24 PDF": Case("月报.xlsx", "文件实际是 PDF", lambda: b"%PDF-1.7\n" + make_xlsx(CELL)),
    "X24 尾": Case("月报.xlsx", "文件不完整或已损坏", lambda: make_xlsx(CELL) + b"%PDF-1.7"),
    "X25": Case(
        "月报.xlsx",
        "文件损坏",
        lambda: make_xlsx('<row r="1"><c r="A1" t="s"><v>9</v></c></row>', strings="<si><t>甲</t></si>"),
    ),
    "X26": Case(
        "月报.xlsx",
        "A1 单元格重复定义",
        lambda: make_xlsx('<row r="1"><c r="A1"><v>2</v></c><c r="A1"><v>3</v></c></row>'),
    ),
    "X26 行": Case("月报.xlsx", "A1 单元格重复定义", lambda: make_xlsx(CELL + CELL)),
    "X88": Case("月报.xlsx", "A1000001 单元格有内容，表格范围异常（超过 10 万行）", million_rows),
    "Word": Case("月报.xlsx", "文件实际是 Word 文档", partial(make_docx, "正文")),
    "X82": Case(
        "月报.csv",
        "第 3 行的文字编码无法识别",
        lambda: "单位,数量\n".encode() + "县,5\n".encode("gbk") + b"\xff\xff\n",
    ),
    "X85": Case("月报.csv", "第 2 行的引号不成对", '单位,数量\n甲县,"5\n乙县,6\n'.encode),
    "X91": Case("月报.csv", "非文本内容", "单位,数量\n甲\0县,5\n".encode),
}
