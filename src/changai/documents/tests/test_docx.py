import io
import zipfile
from datetime import UTC, datetime

import docx
from lxml import etree

from changai.documents.docx import render_docx
from changai.documents.docx.elements import NAMESPACES, qualified
from changai.documents.docx.styles import STYLES
from changai.documents.paper import Heading, Paragraph, Table, TableColumn
from changai.documents.tests.make import HOSTILE, make_bars, make_full_paper, make_paper, make_table


def part(content: bytes, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read(name))


def test_equal_papers_give_equal_bytes_with_fixed_times() -> None:
    paper = make_full_paper()
    content = render_docx(paper)
    assert render_docx(paper) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None


def test_file_says_title_author_and_date_of_the_paper() -> None:
    found = docx.Document(io.BytesIO(render_docx(make_paper()))).core_properties
    assert found.title == "关于全市产业工人队伍建设改革推进情况的通报"
    assert found.author == "示范市产改办"
    assert found.created == datetime(2026, 10, 12, tzinfo=UTC)


def test_every_paragraph_has_a_defined_style_and_no_other_font() -> None:
    content = render_docx(make_full_paper())
    defined = {style.key for style in STYLES}
    used = {node.get(qualified("w:val")) for node in part(content).iter(qualified("w:pStyle"))}
    assert used <= defined
    assert {"Title", "Heading1", "Heading2", "Heading3", "Heading4", "GwBody", "GwImprint"} <= used
    assert not list(part(content).iter(qualified("w:rFonts")))


def test_styles_name_the_east_asian_face() -> None:
    styles = docx.Document(io.BytesIO(render_docx(make_paper()))).styles
    east = {
        name: styles[name].element.find(".//w:rFonts", NAMESPACES).get(qualified("w:eastAsia"))
        for name in ("Normal", "Heading 1", "Heading 2", "Heading 3", "Title", "公文正文", "单页页码")
    }
    assert east == {
        "Normal": "仿宋_GB2312",
        "Heading 1": "黑体",
        "Heading 2": "楷体_GB2312",
        "Heading 3": "仿宋_GB2312",
        "Title": "方正小标宋简体",
        "公文正文": "仿宋_GB2312",
        "单页页码": "宋体",
    }


def test_page_numbers_are_live_fields_odd_right_even_left() -> None:
    content = render_docx(make_paper())
    assert part(content, "word/settings.xml").find("w:evenAndOddHeaders", NAMESPACES) is not None
    for kind, style in (("default", "GwPageOdd"), ("even", "GwPageEven")):
        footer = part(content, f"word/footer_{kind}.xml")
        assert footer.find(".//w:pStyle", NAMESPACES).get(qualified("w:val")) == style
        assert footer.findtext(".//w:instrText", namespaces=NAMESPACES).strip() == "PAGE"
        assert "".join(footer.itertext()).replace(" PAGE ", "") == "— 1 —"


def test_pictures_have_words() -> None:
    document = part(render_docx(make_full_paper()))
    described = [node.get("descr") for node in document.iter(qualified("wp:docPr")) if node.get("descr")]
    assert [words[:4] for words in described] == ["条形图：", "折线图："]


def test_table_head_repeats_and_rows_do_not_break() -> None:
    table = docx.Document(io.BytesIO(render_docx(make_paper(make_table(200))))).tables[0]
    rows = table._tbl.findall(qualified("w:tr"))
    assert len(rows) == 201
    assert rows[0].find("w:trPr/w:tblHeader", NAMESPACES) is not None
    assert all(row.find("w:trPr/w:cantSplit", NAMESPACES) is not None for row in rows)
    assert (
        table._tbl.find("w:tblPr/w:tblCaption", NAMESPACES).get(qualified("w:val")) == "各单位任务完成情况表"
    )


def test_row_higher_than_a_page_may_break() -> None:
    table = Table("表", (TableColumn("文字"),), ((("工" * 10_000,),),))
    rows = docx.Document(io.BytesIO(render_docx(make_paper(table)))).tables[0]._tbl.findall(qualified("w:tr"))
    assert rows[1].find("w:trPr/w:cantSplit", NAMESPACES) is None


def test_hostile_text_stays_text() -> None:
    paper = make_paper(Heading(1, (HOSTILE,)), Paragraph((HOSTILE,)), title=HOSTILE, recipients=(HOSTILE,))
    document = docx.Document(io.BytesIO(render_docx(paper)))
    bodies = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "公文正文"]
    assert len(bodies) == 1
    assert "、<w:p>&amp;]]>标签、#set text(red) $x^2$" in bodies[0]
    assert "😀" in bodies[0]
    assert "堃喆镕垚赟昇" in bodies[0]
    assert not set(bodies[0]) & set("\x00\x07\x1b\u202e\u200b\ufffe")


def test_title_is_one_paragraph_with_breaks() -> None:
    document = docx.Document(io.BytesIO(render_docx(make_full_paper())))
    titles = [paragraph for paragraph in document.paragraphs if paragraph.style.name == "Title"]
    assert [title.text for title in titles] == [
        "关于2026年第三季度\n全市产业工人队伍建设改革\n重点任务推进情况的通报"
    ]


def test_outline_follows_the_headings() -> None:
    document = docx.Document(io.BytesIO(render_docx(make_full_paper())))
    outline = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert outline == [
        ("Heading 1", "一、总体进展"),
        ("Heading 2", "（一）任务完成情况"),
        ("Heading 3", "1.技能提升。"),
        ("Heading 4", "（1）对标对表。"),
    ]


def test_chart_pictures_are_in_the_file() -> None:
    from changai.documents.charts import to_png
    from changai.documents.paper import Chart

    with zipfile.ZipFile(io.BytesIO(render_docx(make_paper(Chart(make_bars()))))) as archive:
        assert archive.read("word/media/picture1.png") == to_png(make_bars())
