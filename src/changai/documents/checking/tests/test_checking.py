"""The checker finds what is planted, each with its clause, and nothing in our own papers."""

import io

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from changai.cli import scoring as command
from changai.core.errors import Invalid, Unreadable
from changai.documents.checking import Level, check_document
from changai.documents.checking.review import deviations_of
from changai.documents.checking.shape import parse
from changai.documents.docx import render_docx
from changai.documents.paper import Paragraph
from changai.documents.tests.make import make_full_paper, make_paper
from changai.documents.tests.test_documents import PAPERS


def write(*lines, margins=(37, 28, 35, 26), **more):
    """Return a .docx of (text, face, half points, {align, colour, indent}) as any office might have typed it."""
    paper = docx.Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(more.get("width", 210)), Mm(297)
    section.top_margin, section.left_margin, section.bottom_margin, section.right_margin = map(Mm, margins)
    for text, face, points, *rest in lines:
        options = rest[0] if rest else {}
        paragraph = paper.add_paragraph()
        run = paragraph.add_run(text)
        run.font.size = Pt(points)
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
        if "colour" in options:
            run.font.color.rgb = RGBColor.from_string(options["colour"])
        if options.get("align") == "center":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.line_spacing = Pt(options.get("pitch", 28.95))
        paragraph.paragraph_format.first_line_indent = Pt(options.get("indent", 0))
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


HEAD = [
    ("示范市总工会文件", "方正小标宋简体", 48, {"align": "center", "colour": "FF0000"}),
    ("示工〔2026〕31号", "仿宋_GB2312", 16, {"align": "center"}),
    ("关于开展培训工作的通知", "方正小标宋简体", 22, {"align": "center"}),
]
TO = ("各县（区）总工会：", "仿宋_GB2312", 16)
TEXT = ("为深入推进产业工人队伍建设改革，现将有关事项通知如下。", "仿宋_GB2312", 16, {"indent": 32})


def told(source):
    return [each.sentence() for each in deviations_of(parse(source))]


def told_of(*lines, **more):
    return "\n".join(told(write(*lines, **more)))


@pytest.mark.parametrize("name", PAPERS)
def test_our_own_documents_have_no_deviation(name):
    if name != "hostile":
        assert told(render_docx(PAPERS[name])) == []


def test_our_own_briefings_have_no_deviation():
    assert told(render_docx(make_full_paper())) == []
    assert told(render_docx(make_paper(recipients=("各成员单位",)))) == []


@pytest.mark.parametrize(
    ("lines", "more", "expected"),
    [
        (
            [*HEAD, TO, TEXT],
            {"margins": (25.4, 31.8, 25.4, 31.8)},
            "天头（上白边）：现为 25.4 mm，应为 37 mm〔国标 5.2.1〕",
        ),
        ([*HEAD, TO, TEXT], {"width": 216}, "纸张宽度：现为 216.0 mm，应为 210 mm〔国标 5.1〕"),
        (
            [*HEAD, TO, (*TEXT[:3], {"indent": 32, "pitch": 22})],
            {},
            "行距（“为深入推进产业工人队伍建设改革…”）：现为 22 磅，每面 29 行，应为每面 22 行〔国标 5.2.3〕",
        ),
        (
            [*HEAD, TO, (*TEXT[:3], {})],
            {},
            "正文（“为深入推进产业工人队伍建设改革…”）：现为首行缩进 0 字，应为左空二字〔国标 7.3.3〕",
        ),
        ([*HEAD, TO, (TEXT[0], "宋体", 14, {"indent": 28})], {}, "现为宋体，应为仿宋体〔国标 5.2.2〕"),
        ([*HEAD, TO, (TEXT[0], "仿宋", 14, {"indent": 28})], {}, "现为4号，应为3号〔国标 5.2.2〕"),
        (
            [*HEAD, ("各县总工会:", "仿宋", 16), TEXT],
            {},
            "主送机关（“各县总工会:”）：现为末尾为半角冒号，应为全角冒号〔国标 7.3.2〕",
        ),
        (
            [HEAD[0], ("示工[2026]31号", "仿宋", 16), HEAD[2], TO, TEXT],
            {},
            "发文字号（“示工[2026]31号”）：现为年份用“[”，应为六角括号〔〕〔国标 7.2.5〕",
        ),
        ([HEAD[0], ("示工〔26〕第031号", "仿宋", 16), HEAD[2], TO, TEXT], {}, "四位全称年份"),
        ([HEAD[0], ("示工〔2026〕第31号", "仿宋", 16), HEAD[2], TO, TEXT], {}, "发文顺序号不加“第”字"),
        ([HEAD[0], ("示工〔2026〕031号", "仿宋", 16), HEAD[2], TO, TEXT], {}, "不编虚位"),
        (
            [(*HEAD[0][:3], {"align": "center", "colour": "000000"}), *HEAD[1:], TO, TEXT],
            {},
            "发文机关标志（“示范市总工会文件”）：现为非红色，应为红色〔国标 7.2.4〕",
        ),
        (
            [(*HEAD[0][:3], {"colour": "FF0000"}), *HEAD[1:], TO, TEXT],
            {},
            "发文机关标志（“示范市总工会文件”）：现为居左，应为居中〔国标 7.2.4〕",
        ),
        (
            [*HEAD[:2], ("关于开展培训的通知。", "黑体", 18, {"align": "center"}), TO, TEXT],
            {},
            "标题（“关于开展培训的通知。”）：现为黑体，应为小标宋体〔国标 7.3.1〕",
        ),
        (
            [*HEAD, TO, ("一、总体要求", "仿宋", 16, {"indent": 32}), TEXT],
            {},
            "1级标题（“一、总体要求”）：现为仿宋，应为黑体〔国标 7.3.3〕",
        ),
        (
            [*HEAD, TO, ("（二）主要任务", "黑体", 16, {"indent": 32}), TEXT],
            {},
            "2级标题（“（二）主要任务”）：现为黑体，应为楷体〔国标 7.3.3〕",
        ),
        (
            [*HEAD, TO, TEXT, ("附件：任务清单。", "仿宋", 16, {"indent": 32})],
            {},
            "附件名称后不加标点符号〔国标 7.3.4〕",
        ),
        (
            [*HEAD, TO, TEXT, ("示范市总工会", "仿宋", 16), ("2026年03月05日", "仿宋", 16)],
            {},
            "成文日期：现为“2026年03月05日”",
        ),
        (
            [*HEAD, TO, TEXT, ("示范市总工会", "仿宋", 16), ("二〇二六年三月五日", "仿宋", 16)],
            {},
            "成文日期：现为“二〇二六年三月五日”",
        ),
        (
            [*HEAD, TO, TEXT, ("2026.3.5", "仿宋", 16)],
            {},
            "阿拉伯数字，年份标全，月、日不编虚位〔国标 7.3.5.4〕",
        ),
        ([*HEAD, TO, TEXT, ("附件1：", "仿宋", 16)], {}, "“附件”二字及顺序号后不加冒号"),
        (
            [*HEAD, TO, TEXT, ("抄送：市政府办公室", "仿宋", 14)],
            {},
            "抄送机关（“抄送：市政府办公室”）：现为末尾无句号",
        ),
        ([*HEAD, TO, TEXT], {}, "页码：现为没有页码"),
        (
            [*HEAD, TO, ("现就有关事项,通知如下", "仿宋", 16, {"indent": 32})],
            {},
            "半角标点“项,”，应为中文用全角标点〔惯例 GB/T 15834〕",
        ),
        ([*HEAD], {}, "正文：现为没有正文段落"),
        ([("随便一段话。", "宋体", 12)], {}, "标题：现为没有找到标题"),
        (
            [
                *HEAD[:2],
                ("关于经费的报告", "方正小标宋简体", 22, {"align": "center"}),
                ("省总工会、市委：", "仿宋", 16),
                ("以上报告，特此请示。", "仿宋", 16, {"indent": 32}),
            ],
            {},
            "正文：现为报告中有“特此请示”，应为报告等非请示性公文中不得夹带请示事项〔条例 公文处理工作条例第十五条〕",
        ),
        (
            [
                *HEAD[:2],
                ("关于经费的请示", "方正小标宋简体", 22, {"align": "center"}),
                ("省总工会、市委：", "仿宋", 16),
                TEXT,
            ],
            {},
            "主送机关：现为 2 个，应为原则上主送一个上级机关〔条例 公文处理工作条例第十五条〕",
        ),
    ],
)
def test_what_is_planted_is_found_with_its_clause(lines, more, expected):
    assert expected in told_of(*lines, **more)


def test_binding_deviations_come_first_and_custom_only_advises():
    found = check_document(
        write(*HEAD, TO, ("现就有关事项,通知如下", "宋体", 16, {"indent": 32})), name="公文.docx"
    )
    kinds = [each.is_binding for each in found]
    assert kinds == sorted(kinds, reverse=True)
    assert {each.level for each in found} == {Level.STANDARD, Level.CUSTOM}


def test_what_is_no_document_is_refused_with_one_sentence():
    with pytest.raises(Unreadable, match="坏文件"):
        check_document(b"PK\x03\x04 no", name="坏文件.docx")


def run(*paths):
    import argparse

    parser = argparse.ArgumentParser()
    command.register(parser.add_subparsers())
    arguments = parser.parse_args(["check", *map(str, paths)])
    return arguments.run(arguments)


def test_the_command_prints_deviations_and_says_whether_one_binds(tmp_path, capfdbinary):
    path = tmp_path / "公文.docx"
    path.write_bytes(write(*HEAD, TO, TEXT))
    assert run(path) == 2
    printed = capfdbinary.readouterr().out.decode()
    assert "页码：现为没有页码" in printed
    assert "国标和条例 9 项；惯例和本单位规定 0 项" in printed
    path.write_bytes(render_docx(make_paper(Paragraph(("正文。",)))))
    assert run(path) == 0
    assert "格式检查通过" in capfdbinary.readouterr().out.decode()
    with pytest.raises(Unreadable, match="文件打不开"):
        run(tmp_path / "none.docx")


def test_several_papers_are_told_under_their_names_and_one_that_is_none_keeps_no_other_back(
    tmp_path, capfdbinary
):
    good, bad, none = (tmp_path / name for name in ("好.docx", "坏.docx", "无.docx"))
    good.write_bytes(render_docx(make_paper(Paragraph(("正文。",)))))
    bad.write_bytes(b"no paper")
    assert run(good, bad, none) == 2
    printed = capfdbinary.readouterr().out.decode()
    assert "【好.docx】\n格式检查通过" in printed
    assert "【坏.docx】\n坏.docx：不是有效的" in printed
    assert "【无.docx】\n无.docx：文件打不开" in printed
    assert run(good, good) == 0
    with pytest.raises(Invalid, match="只给一个数据文件"):
        run(tmp_path / "方案.json", tmp_path / "一.csv", tmp_path / "二.csv")
