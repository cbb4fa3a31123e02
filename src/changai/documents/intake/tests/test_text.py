"""Reading .docx and .txt papers: real ones, and every wrong one with its sentence."""

import io
import zipfile

import docx
import pytest
from tests.reference import SPEECH

from changai.core.errors import Unreadable
from changai.documents.intake.outline import propose
from changai.documents.intake.tests.files import (
    W,
    docx_parts,
    listed,
    make_docx,
    make_ole,
    make_zip,
    paragraph,
    relationships,
)
from changai.documents.intake.text import read_document, read_text


def refusal(source: bytes, name: str = "方案.docx") -> str:
    with pytest.raises(Unreadable) as refused:
        read_document(source, name=name)
    sentence = str(refused.value)
    assert sentence.startswith(f"{name}：")
    assert sentence.endswith("。")
    return sentence


@pytest.mark.skipif(not SPEECH.exists(), reason="the reference speech is not on this machine")
def test_a_real_speech_reads_the_same_from_every_file() -> None:
    text = SPEECH.read_text(encoding="utf-8")
    paper = docx.Document()
    for line in text[:-1].split("\n"):
        paper.add_paragraph(line)
    packed = io.BytesIO()
    paper.save(packed)
    assert read_text(packed.getvalue(), name="讲话.docx") == text
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert read_text(text.encode(encoding), name="讲话.TXT") == text


def test_a_document_of_python_docx_with_tables_breaks_and_lists() -> None:
    paper = docx.Document()
    paper.add_heading("示范方案", 0)
    broken = paper.add_paragraph("第一行")
    broken.add_run().add_break()
    broken.add_run("第二行\t制表")
    table = paper.add_table(2, 2)
    for at, text in enumerate(("任务", "时限", "建台账", "年底前")):
        table.cell(at // 2, at % 2).text = text
    paper.add_paragraph("项一", style="List Number")
    paper.add_paragraph("项二", style="List Number")
    paper.add_paragraph("圆点", style="List Bullet")
    packed = io.BytesIO()
    paper.save(packed)
    assert read_text(packed.getvalue(), name="方案.docx").split("\n") == [
        "示范方案",
        "第一行",
        "第二行\t制表",
        "任务\t时限",
        "建台账\t年底前",
        "1. 项一",
        "2. 项二",
        "• 圆点",
        "",
    ]


def _levels(*forms: tuple[str, str]) -> str:
    return "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
        for at, (form, pattern) in enumerate(forms)
    )


NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    + _levels(
        ("chineseCountingThousand", "%1、"),
        ("chineseCounting", "（%2）"),
        ("decimal", "%3."),
        ("decimalEnclosedCircleChinese", "%4"),
        ("decimal", "%3.%5"),
    )
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="3"/>'
    '<w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1"/>'
    '<w:suff w:val="nothing"/><w:pStyle w:val="Numbered"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
    '<w:lvlOverride w:ilvl="2"><w:startOverride w:val="7"/></w:lvlOverride></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>'
)
STYLES = (
    '<w:style w:type="paragraph" w:styleId="Numbered">'
    '<w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Derived"><w:basedOn w:val="Numbered"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Looped"><w:basedOn w:val="Looped"/></w:style>'
)


def test_automatic_numbers_appear_as_printed() -> None:
    body = (
        listed("总体要求", 1)
        + listed("重点任务", 1)
        + listed("强化引领", 1, 1)
        + listed("宣讲", 1, 2)
        + listed("竞赛", 1, 2)
        + listed("摸底", 1, 3)
        + listed("细项", 1, 4)
        + listed("培训", 1, 1)
        + listed("重新开始", 1, 2)
        + listed("另起", 2, 2)
        + paragraph("继承", '<w:pStyle w:val="Derived"/>')
        + paragraph("取消", '<w:pStyle w:val="Derived"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + paragraph("循环", '<w:pStyle w:val="Looped"/>')
        + listed("保障", 1)
        + listed("没有这个列表", 99)
    )
    text = read_text(make_zip(docx_parts(body, numbering=NUMBERING, styles=STYLES)), name="方案.docx")
    assert text.split("\n") == [
        "一、总体要求",
        "二、重点任务",
        "（一）强化引领",
        "1. 宣讲",
        "2. 竞赛",
        "①摸底",
        "2.1 细项",
        "（二）培训",
        "1. 重新开始",
        "7. 另起",
        "III继承",
        "取消",
        "循环",
        "三、保障",
        "没有这个列表",
        "",
    ]
    assert [clause.heading for clause in propose(text).clauses][:2] == ["总体要求", "重点任务"]


def test_what_is_left_out_is_told() -> None:
    body = (
        "<w:p><w:r><w:t>正文</w:t></w:r><w:r><w:drawing/></w:r><w:r><w:footnoteReference/></w:r>"
        "<w:ins><w:r><w:t>新增</w:t></w:r></w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>可见</w:t></w:r>'
        "<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    paper = read_document(make_zip(docx_parts(body)), name="方案.docx")
    assert paper.text == "正文新增可见链接\n控件\n"
    assert paper.notes == (
        "含修订痕迹，按修订后的文字读取",
        "文本框和图片未读取",
        "脚注未读取",
        "隐藏文字未读取",
    )


def test_rare_characters_survive() -> None:
    text = "𠮷㐂·買買提　〇①\n"
    assert read_text(make_docx(text.strip("\n")), name="a.docx") == text
    assert read_text(text.encode("gb18030"), name="a.txt") == text


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"", "文件为空"),
        (make_ole("WordDocument"), "旧版 Word 格式（.doc）"),
        (make_ole("Workbook"), "旧版 Excel 格式（.xls）"),
        (make_ole("EncryptedPackage"), "已加密，请取消密码"),
        (make_ole("other"), "旧版 Office 格式"),
        (b"<html><body>x</body></html>", "网页格式"),
        (b"\xef\xbb\xbf <!DOCTYPE html>", "网页格式"),
        (b"{\\rtf1 x}", "RTF"),
        (b"%PDF-1.7", "PDF"),
        (b"<?xml version='1.0'?><w:wordDocument/>", "XML"),
        ("一、总体要求".encode(), "不是有效的 Word 文档（.docx）"),
        (make_docx("正文" * 200)[:-40], "文件不完整"),
        (make_docx("正文")[:30], "文件不完整"),
        (make_docx("正文") + b"%PDF", "不完整或已损坏"),
        (b"%!" + make_docx("正文"), "不是有效的"),
        (make_zip({"a.txt": "x"}), "不是有效的 Word 文档（.docx）"),
        (make_zip({"[Content_Types].xml": "<Types/>"}), "已损坏"),
        (make_zip({"mimetype": "application/vnd.oasis.opendocument.text"}), "另存为 Word 文档（.docx）"),
        (make_zip({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "实际是 Excel 工作簿"),
        (make_zip(docx_parts("") | {"word/vbaProject.bin": b"x"}), "含宏的文件不接收"),
        (make_zip(docx_parts("") | {"../../etc/cron.d/x": b"x"}), "内部路径异常"),
        (make_zip(docx_parts("") | {"/etc/x": b"x"}), "内部路径异常"),
        (make_zip(docx_parts("") | {"word\\x": b"x"}), "内部路径异常"),
        (make_zip(docx_parts("") | {"WORD/document.xml": b"x"}), "文件结构重复"),
        (make_zip(docx_parts("") | {f"word/media/{n}": b"" for n in range(2001)}), "部件（最多 2000 个）"),
        (make_zip(docx_parts(""), compression=zipfile.ZIP_LZMA), "压缩方式不受支持"),
        (make_zip(docx_parts("<w:p>")), "已损坏"),
        (make_zip(docx_parts("<w:tbl><w:tr><w:tc>" * 100 + "</w:tc></w:tr></w:tbl>" * 100)), "嵌套过深"),
    ],
)
def test_every_wrong_document_has_its_sentence(source: bytes, told: str) -> None:
    assert told in refusal(source)


def test_entities_are_refused_before_they_are_read() -> None:
    hostname = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)
    )
    for doctype in (hostname, laughs + "]>"):
        body = "<w:p><w:r><w:t>&e;</w:t></w:r></w:p>"
        xml = f'{doctype}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        for encoded in (xml.encode(), xml.encode("utf-16")):
            assert "文档类型声明" in refusal(make_zip(docx_parts("") | {"word/document.xml": encoded}))


def test_an_encrypted_entry_is_told() -> None:
    source = bytearray(make_docx("正文"))
    directory = source.rfind(b"PK\x01\x02")
    source[directory + 8] |= 1
    assert "已加密" in refusal(bytes(source))


def test_a_bomb_is_counted_and_not_believed() -> None:
    with_zeros = make_zip(docx_parts("") | {"word/media/image1.png": bytes(120_000_000)})
    assert len(with_zeros) < 200_000
    assert "压缩比异常" in refusal(with_zeros)
    lying = bytearray(with_zeros)
    directory = lying.rfind(b"PK\x01\x02")
    lying[directory + 24 : directory + 28] = (1000).to_bytes(4, "little")
    assert "已损坏" in refusal(bytes(lying))


def test_a_relationship_cannot_climb_out() -> None:
    parts = docx_parts("") | {"_rels/.rels": relationships(officeDocument="../../../etc/passwd")}
    assert "已损坏" in refusal(make_zip(parts))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("方案.doc", "另存为 .docx"),
        ("方案.wps", "另存为 .docx"),
        ("方案.docm", "含宏"),
        ("方案.pdf", "只接收 .docx 和 .txt"),
        ("方案", "只接收 .docx 和 .txt"),
    ],
)
def test_other_endings_are_refused(name: str, told: str) -> None:
    assert told in refusal(make_docx("正文"), name)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (b"", "文件为空"),
        (make_docx("正文"), "不是文本文件"),
        (b"a\0b", "非文本内容"),
        ("第一行\n".encode() + "第二行".encode("gbk") + b"\xff\xff", "第 2 行的文字编码无法识别"),
        (b"\xff\xfe\x00", "编码无法识别"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "编码无法识别"),
        (b"a" * (20 * 1024 * 1024 + 1), "超过 20 MB"),
    ],
)
def test_every_wrong_text_file_has_its_sentence(source: bytes, told: str) -> None:
    assert told in refusal(source, "方案.txt")


def test_line_ends_become_one_kind() -> None:
    assert read_text("一、甲\r\n二、乙\r三、丙\n".encode("gbk"), name="a.txt") == "一、甲\n二、乙\n三、丙\n"
