"""Papers typed elsewhere: those well set in another programme's way pass, those ill set are told what is ill."""

import io
from collections.abc import Iterable

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from changai.documents.checking.elements import Elements, elements_of
from changai.documents.checking.review import deviations_of
from changai.documents.checking.shape import parse

LINES = (
    "示范市总工会文件", "示工〔2026〕31号", "关于开展职工技能培训工作的通知", "各县（区）总工会，各直属基层工会：",
    "为深入推进产业工人队伍建设改革，现将有关事项通知如下。", "一、总体要求", "坚持以职工为中心。", "（一）基本原则",
    "坚持需求导向。", "附件：1.培训计划表", "2.联系人名单", "示范市总工会", "2026年11月5日", "（联系人：张某某）",
    "抄送：市人大常委会办公室。", "示范市总工会办公室    2026年11月5日印发",
)  # fmt: skip


def shape_of(paper: Document) -> dict[str, object]:
    written = io.BytesIO()
    paper.save(written)
    return parse(written.getvalue())


def told(paper: Document) -> list[str]:
    return [each.sentence() for each in deviations_of(shape_of(paper))]


def read(paper: Document) -> Elements:
    return elements_of(shape_of(paper))


def texts(lines: Iterable[dict[str, object]]) -> list[object]:
    return [each["text"] for each in lines]


def typed(*lines: str) -> Document:
    paper = docx.Document()
    for line in lines:
        paper.add_paragraph(line)
    return paper


# -- ill set: every element is found by its words and place, though all of it looks alike ---


def test_a_paper_without_any_form_is_told_what_is_wrong_with_each_element() -> None:
    found = read(typed(*LINES))
    assert found.kind == "official"
    assert texts(found.masthead) == [LINES[0]]
    assert texts(found.title) == [LINES[2]]
    assert texts(found.recipients) == [LINES[3]]
    assert texts(each for _, each in found.headings) == [LINES[5], LINES[7]]
    assert texts(found.body) == [LINES[4], LINES[6], LINES[8]]
    assert texts(found.notes) == [LINES[9], LINES[10]]
    assert texts(found.signature) == [LINES[11]]
    assert texts(found.remarks) == [LINES[13]]
    assert texts(found.imprint) == [LINES[14], LINES[15]]
    elements = {sentence.partition("（")[0].partition("：")[0] for sentence in told(typed(*LINES))}
    assert elements >= {
        "纸张宽度", "行距", "发文机关标志", "发文字号", "红色分隔线", "标题", "主送机关", "1级标题", "2级标题", "正文",
        "附件说明", "发文机关署名", "成文日期", "附注", "抄送机关", "印发机关和印发日期", "版记分隔线", "页码",
    }  # fmt: skip


def test_what_is_alike_is_told_once_with_its_number() -> None:
    paper = typed("关于工作的通知", "各单位：", *(f"第{place}项工作按时完成。" for place in range(300)))
    sentences = told(paper)
    assert len(sentences) < 30
    assert any(sentence.startswith("正文") and sentence.endswith("共 300 处") for sentence in sentences)


def test_a_title_in_the_styles_of_the_programme_is_the_title() -> None:
    paper = docx.Document()
    paper.add_heading("关于开展职工技能培训工作的通知", 0)
    paper.add_paragraph("各县（区）总工会：")
    paper.add_heading("一、总体要求", 1)
    paper.add_paragraph("坚持以职工为中心，提升技能水平。")
    assert texts(read(paper).title) == ["关于开展职工技能培训工作的通知"]
    sentences = told(paper)
    assert "标题（“关于开展职工技能培训工作的通知”）：现为居左，应为居中〔国标 7.3.1〕" in sentences
    # The face is that of the theme, which names it for Chinese.
    assert "标题（“关于开展职工技能培训工作的通知”）：现为宋体，应为小标宋体〔国标 7.3.1〕" in sentences
    assert not any("没有正文" in sentence or "没有找到标题" in sentence for sentence in sentences)


def test_a_title_of_two_paragraphs_is_judged_in_both() -> None:
    paper = typed("关于开展产业工人队伍建设改革", "重点任务督查工作的通知", "各单位：", "现通知如下。")
    assert texts(read(paper).title) == ["关于开展产业工人队伍建设改革", "重点任务督查工作的通知"]


def test_automatic_numbers_are_read_as_they_are_printed() -> None:
    paper = typed("职工技能培训工作总结", "一年来，全市各级工会认真落实部署。")
    for text in ("抓组织领导", "抓培训落实"):
        paper.add_paragraph(text, style="List Number")
    assert [(level, each["text"]) for level, each in read(paper).headings] == [
        (3, "1. 抓组织领导"),
        (3, "2. 抓培训落实"),
    ]


def test_text_in_a_table_that_only_frames_it_is_text_and_the_number_in_cells_is_found() -> None:
    paper = docx.Document()
    head = paper.add_table(1, 2)
    head.cell(0, 0).text, head.cell(0, 1).text = "示工〔2026〕31号", "签发人：张某某"
    paper.add_paragraph("关于经费的请示")
    paper.add_paragraph("省总工会：")
    frame = paper.add_table(1, 1).cell(0, 0)
    frame.text = "为做好工作，现请示如下。"
    frame.add_paragraph("一、基本情况")
    found = read(paper)
    assert texts(found.number) == ["示工〔2026〕31号"]
    assert texts(found.signers) == ["签发人：张某某"]
    assert texts(found.body) == ["为做好工作，现请示如下。"]
    assert texts(each for _, each in found.headings) == ["一、基本情况"]
    assert not any(sentence.startswith("签发人：现为没有") for sentence in told(paper))


def test_a_sheet_across_in_a_section_of_its_own_is_no_wrong_paper() -> None:
    paper = typed(
        "关于工作的通知", "各单位：", "现通知如下。", "附件：计划表", "示范市总工会", "2026年11月5日"
    )
    first = paper.sections[0]
    first.page_width, first.page_height = Mm(210), Mm(297)
    second = paper.add_section()
    second.page_width, second.page_height = Mm(297), Mm(210)
    paper.add_paragraph("附件")
    paper.add_paragraph("计划表")
    sentences = told(paper)
    assert not any(sentence.startswith("纸张") for sentence in sentences)
    assert not any("没有另面编排" in sentence or "不一致" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ("在推进会上的讲话", "（2026年11月5日）", "张某某", "同志们：", "今天我们开会。"),
            "在推进会上的讲话",
        ),
        (("职工技能竞赛实施办法", "第一条 为了做好竞赛，制定本办法。"), "职工技能竞赛实施办法"),
        (
            ("示范市总工会关于表彰的决定", "示工〔2026〕3号", "各单位：", "现决定如下。"),
            "示范市总工会关于表彰的决定",
        ),
    ],
)
def test_papers_without_a_masthead_are_not_told_that_they_have_none(
    lines: tuple[str, ...], expected: str
) -> None:
    paper = typed(*lines)
    assert texts(read(paper).title) == [expected]
    if "〔" not in "".join(lines):
        assert not any(sentence.startswith(("发文", "红色", "成文")) for sentence in told(paper))


def test_empty_papers_and_lone_tables_are_judged_without_a_fault() -> None:
    alone = docx.Document()
    alone.add_table(2, 2).cell(0, 0).text = "只有表"
    for paper in (docx.Document(), alone, typed("Hello", "This is a test.")):
        assert any("正文：现为没有正文段落" in sentence for sentence in told(paper))


# -- well set, but in the way of another programme: no false alarm ---


def line(paper: Document, text: str, face: str = "仿宋", points: float = 16, **more: object) -> object:
    """Add a paragraph as WPS writes it: exact pitch, first line by characters, empty lines for distances."""
    paragraph = paper.add_paragraph()
    form = paragraph.paragraph_format
    form.line_spacing = Pt(float(str(more.get("pitch", 28.95))))
    form.space_after = form.space_before = Pt(0)
    if text:
        run = paragraph.add_run(text)
        run.font.size = Pt(points)
        run.font.name = "Times New Roman"
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
        if points == 16:
            run._element.rPr.append(parse_xml(f'<w:spacing {nsdecls("w")} w:val="-5"/>'))
        if "colour" in more:
            run.font.color.rgb = RGBColor.from_string(str(more["colour"]))
    if more.get("align"):
        paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, str(more["align"]))
    indents = {name: more[name] for name in ("firstLineChars", "leftChars", "rightChars") if name in more}
    if indents:
        written = " ".join(f'w:{name}="{size}"' for name, size in indents.items())
        paragraph._element.get_or_add_pPr().append(parse_xml(f"<w:ind {nsdecls('w')} {written}/>"))
    return paragraph


def well_set() -> Document:
    """Return a paper set as the standard asks, by the means a typist in WPS uses."""
    paper = docx.Document()
    _sheet(paper)
    _head(paper)
    _text(paper)
    _imprint(paper)
    _page_numbers(paper)
    return paper


def _sheet(paper: Document) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Pt(72)


def _head(paper: Document) -> None:
    for _ in range(3):
        line(paper, "")
    line(paper, "示范市总工会文件", "方正小标宋_GBK", 48, align="CENTER", colour="FF0000", pitch=60)
    line(paper, "")
    line(paper, "")
    number = line(paper, "示工〔2026〕31号", align="CENTER")
    number._element.get_or_add_pPr().append(  # type: ignore[attr-defined]
        parse_xml(
            f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="12" w:space="7" w:color="FF0000"/></w:pBdr>'
        )
    )
    line(paper, "")
    line(paper, "")
    line(paper, "关于开展职工技能培训工作的通知", "方正小标宋_GBK", 22, align="CENTER")
    line(paper, "")


def _text(paper: Document) -> None:
    line(paper, "各县（区）总工会，各直属基层工会：", "仿宋_GB2312")
    line(paper, "为深入推进产业工人队伍建设改革，现将有关事项通知如下，请认真贯彻落实。", firstLineChars=200)
    line(paper, "一、总体要求", "SimHei", firstLineChars=200)
    lead = line(paper, "（一）坚持需求导向。", "楷体_GB2312", firstLineChars=200)
    run = lead.add_run("紧扣企业生产需要，分类组织培训，务求实效，防止形式主义。")  # type: ignore[attr-defined]
    run.font.size = Pt(16)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "FangSong")
    line(paper, "")
    line(paper, "附件：培训计划表", firstLineChars=200)
    line(paper, "")
    line(paper, "")
    line(paper, "示范市总工会　　　　", align="RIGHT")
    line(paper, "2026年11月5日", align="RIGHT", rightChars=400)
    line(paper, "（此件公开发布）", firstLineChars=200)
    mark = line(paper, "附件", "黑体")
    mark.paragraph_format.page_break_before = True  # type: ignore[attr-defined]
    line(paper, "")
    line(paper, "培训计划表", "方正小标宋简体", 22, align="CENTER")


def _imprint(paper: Document) -> None:
    table = paper.add_table(2, 1)
    table.columns[0].width = Mm(156)
    table._element.tblPr.append(
        parse_xml(
            f"<w:tblBorders {nsdecls('w')}>"
            '<w:top w:val="single" w:sz="8"/><w:bottom w:val="single" w:sz="8"/>'
            '<w:insideH w:val="single" w:sz="6"/></w:tblBorders>'
        )
    )
    for place, text in enumerate(("　抄送：市人大常委会办公室。", "　示范市总工会办公室\t2026年11月5日印发")):
        paragraph = table.cell(place, 0).paragraphs[0]
        run = paragraph.add_run(text)
        run.font.size = Pt(14)
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋")
        paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(442.2 - 14), 2)


def _page_numbers(paper: Document) -> None:
    paper.settings.odd_and_even_pages_header_footer = True
    section = paper.sections[0]
    for foot, align in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
        foot.is_linked_to_previous = False
        paragraph = foot.paragraphs[0]
        paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align)
        side = "rightChars" if align == "RIGHT" else "leftChars"
        own = paragraph._element.get_or_add_pPr()
        own.append(parse_xml(f'<w:ind {nsdecls("w")} w:{side}="100"/>'))
        for text in ("— ", None, " —"):
            run = paragraph.add_run(text or "")
            run.font.size, run.font.name = Pt(14), "宋体"
            if text is None:
                run._element.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"/>'))


def test_a_paper_well_set_in_another_way_has_no_binding_deviation() -> None:
    read_as = read(well_set())
    assert read_as.kind == "official"
    assert len(read_as.imprint) == 2
    assert texts(read_as.title) == ["关于开展职工技能培训工作的通知"]
    found = [each for each in deviations_of(shape_of(well_set())) if each.is_binding]
    assert [each.sentence() for each in found] == []


def well_headed(masthead: str, number: str, **more: str) -> Document:
    """Return a paper with sheet, page numbers and a head set as the standard asks."""
    paper = docx.Document()
    _sheet(paper)
    _page_numbers(paper)
    for _ in range(int(more.get("above", "3"))):
        line(paper, "")
    mark = line(paper, masthead, "方正小标宋简体", 40, align="CENTER", colour="FF0000", pitch=60)
    mark.paragraph_format.space_before = Pt(float(more.get("before", "0")))  # type: ignore[attr-defined]
    for text in ("", "", number, "", ""):
        line(paper, text, align="CENTER")
    return paper


def test_an_order_has_no_title_and_its_text_follows_its_number() -> None:
    paper = well_headed("示范市人民政府令", "第15号", above="1", before="16")
    line(
        paper, "《示范市职工技能培训办法》已经常务会议通过，现予公布，自公布之日起施行。", firstLineChars=200
    )
    line(paper, "")
    line(paper, "")
    line(paper, "市长　张某某　　　　", align="RIGHT")
    line(paper, "")
    line(paper, "2026年11月5日", align="RIGHT", rightChars=400)
    found = read(paper)
    assert (found.kind, texts(found.masthead), found.title) == ("order", ["示范市人民政府令"], [])
    assert told(paper) == []
    high = well_headed("示范市人民政府令", "第15号", above="3")
    line(high, "现予公布。", firstLineChars=200)
    assert any("上边缘距版心上边缘 20 mm〔国标 10.2〕" in sentence for sentence in told(high))


def test_minutes_may_be_numbered_by_year() -> None:
    paper = well_headed("示范市总工会党组会议纪要", "〔2026〕4号")
    line(paper, "党组会议纪要", "方正小标宋简体", 22, align="CENTER")
    line(paper, "")
    line(paper, "会议强调，要抓好落实。", firstLineChars=200)
    found = read(paper)
    assert (found.kind, texts(found.title)) == ("minutes", ["党组会议纪要"])
    assert {sentence.partition("：")[0] for sentence in told(paper)} == {"红色分隔线"}


def test_several_bodies_that_sign_together_are_not_judged_by_the_place_of_one() -> None:
    paper = well_headed("示范市总工会文件", "示工联〔2026〕2号")
    line(paper, "关于联合开展竞赛的通知", "方正小标宋简体", 22, align="CENTER")
    line(paper, "")
    line(paper, "各县（区）总工会、人社局：")
    line(paper, "现就联合开展竞赛通知如下。", firstLineChars=200)
    line(paper, "")
    line(paper, "")
    line(paper, "示范市总工会　　　　示范市人社局　　", align="RIGHT")
    line(paper, "2026年11月5日", align="RIGHT", rightChars=400)
    assert {sentence.partition("：")[0] for sentence in told(paper)} == {"红色分隔线"}


def test_a_letter_with_a_border_for_its_upper_rule_is_a_letter() -> None:
    paper = docx.Document()
    _sheet(paper)
    masthead = line(paper, "示范市总工会", "方正小标宋简体", 40, align="CENTER", colour="FF0000", pitch=50)
    masthead._element.get_or_add_pPr().append(  # type: ignore[attr-defined]
        parse_xml(
            f'<w:pBdr {nsdecls("w")}><w:bottom w:val="thickThinSmallGap" w:sz="24" w:color="FF0000"/></w:pBdr>'
        )
    )
    line(paper, "示工函〔2026〕5号", align="RIGHT")
    line(paper, "")
    line(paper, "")
    line(paper, "关于商请提供数据的函", "方正小标宋简体", 22, align="CENTER")
    line(paper, "")
    line(paper, "市统计局：")
    line(paper, "现商请贵局提供有关数据，请予支持。", firstLineChars=200)
    sentences = told(paper)
    assert read(paper).kind == "letter"
    assert sum(sentence.startswith("信函双线") for sentence in sentences) == 1
    assert any(sentence.startswith("信函双线：现为页脚处没有双线") for sentence in sentences)
    assert not any(
        sentence.startswith(("红色分隔线", "发文字号", "标题", "主送机关")) for sentence in sentences
    )
