"""The papers that are broken, and what is broken in each: one line an element can be wrong in."""

from dataclasses import replace

from changai.documents.checking.tests.breaking import (
    Change,
    Parts,
    added_below,
    aligned,
    both,
    dropped,
    emptied_above,
    face,
    flush_left,
    half_of,
    imprint_before,
    in_colour,
    in_face,
    in_run,
    in_size,
    line_reworded,
    marked,
    moved,
    removed,
    retexted,
    reworded,
    set_all,
    spaced,
    swapped_tab,
    without,
)
from changai.documents.docx.elements import NAMESPACES, node, rule, valued
from changai.documents.paper import Attachment, Document, Heading, Listing, Paper, Paragraph, Signature
from changai.documents.tests.make import SENTENCE, make_full_paper, make_paper, make_table
from changai.documents.tests.test_documents import DAY, PAPERS, make_document
from changai.documents.tests.test_listings import LISTING

_HEADED = (
    Heading(1, ("一、总体情况",)),
    Paragraph((SENTENCE * 3,)),
    Heading(2, ("（一）任务完成情况",)),
    Paragraph(("截至三季度末，各项任务按时推进。" * 3,)),
    Heading(3, ("1.技能提升",)),
    Heading(4, ("（1）对标对表",)),
    Paragraph(("下一步，各单位要压实责任、加快进度。" * 3,)),
)
_ATTACHED = (
    Attachment("各单位任务完成情况表", (make_table(30),)),
    Attachment("重点任务责任分工安排说明", (Paragraph(("各单位对照本表抓好落实。" * 4,)),)),
)


def _upward(**more: object) -> Document:
    upward = PAPERS["upward"]
    assert isinstance(upward, Document)
    return replace(upward, **more)  # type: ignore[arg-type]


OURS: dict[str, Paper] = {
    "official": make_document(blocks=_HEADED, copy_number=12, security="秘密★1年", urgency="特急"),
    "unsealed": make_document(blocks=_HEADED, signature=Signature("示范市总工会", DAY)),
    "stamped": make_document(blocks=_HEADED, signature=Signature("示范市总工会", DAY, "stamped", "主任")),
    "upward": _upward(),
    "report": _upward(title="关于产业工人队伍建设改革工作情况的报告"),
    "asking": _upward(title="关于产业工人队伍建设改革经费的请示", copy_to=()),
    "letter": PAPERS["letter"],
    "minutes": PAPERS["minutes"],
    "attached": make_document(blocks=_HEADED, attachments=_ATTACHED, remark="此件公开发布"),
    "briefing": make_paper(*_HEADED, recipients=("各成员单位",)),
    "charted": make_full_paper(),
    "listed": make_document(blocks=(*_HEADED, LISTING, Listing(LISTING.items, is_numbered=False))),
    "notice": make_document(masthead="督办单", blocks=_HEADED, colour="0070C0"),
}
_HEAD = "示范市总工会文件"
_TITLE = "关于全市产业工人队伍建设改革"
_TEXT = "截至三季度末"
_DAY = "2026年11月5日"
_PRINTED = "示范市总工会办公室"
_STOPS = ".//w:style[@w:styleId='GwPrinted']/w:pPr/w:tabs"
_HEAD_PART = "header_first"
_BARS = "./w:p/w:r"
_DOWN = "//wp:positionV/wp:posOffset"
_MARKS = "密级和紧急程度"
_MARKS_CLAUSE = "7.2.2、7.2.3"


def _without_text(parts: Parts) -> None:
    for style in ("GwBody", "Heading1", "GwAttendance"):
        dropped(f".//w:pPr/w:pStyle[@w:val='{style}']/../..")(parts)


# What is broken: the paper, the change, the element and clause that must be told.
BREAKAGES: dict[str, tuple[str, Change, str, str]] = {
    # -- sheet and lines (5) ---
    "paper wide": (
        "official",
        both(set_all(".//w:pgSz", w_w="12240"), set_all(".//w:pgMar", w_right="1809")),
        "纸张宽度",
        "5.1",
    ),
    "paper high": (
        "official",
        both(set_all(".//w:pgSz", w_h="17338"), set_all(".//w:pgMar", w_bottom="2484", w_footer="1951")),
        "纸张高度",
        "5.1",
    ),
    "top margin": (
        "official",
        set_all(".//w:pgMar", w_top="1797", w_bottom="2285", w_footer="1752"),
        "天头（上白边）",
        "5.2.1",
    ),
    "left margin": (
        "official",
        set_all(".//w:pgMar", w_left="1800", w_right="1262"),
        "订口（左白边）",
        "5.2.1",
    ),
    "block wide": ("minutes", set_all(".//w:pgMar", w_right="1304"), "版心宽度", "5.2.1"),
    "block high": (
        "minutes",
        set_all(".//w:pgMar", w_top="2098", w_bottom="1884", w_footer="1351"),
        "版心高度",
        "5.2.1",
    ),
    "pitch of one paragraph": ("official", spaced(_TEXT, line=480), "行距", "5.2.3"),
    "pitch of a heading": ("official", spaced("（一）任务", line=500), "行距", "5.2.3"),
    "no pitch": ("official", spaced("下一步", line=360, lineRule="auto"), "行距", "5.2.3"),
    "room between paragraphs": ("official", spaced("下一步", before=156), "段距", "5.2.3"),
    "characters a line": ("official", in_run("截至三季度末", valued("w:spacing", 20)), "每行字数", "5.2.3"),
    # -- head (7.2) ---
    "copy number small": ("official", in_size("000012", 28), "份号", "7.2.1"),
    "copy number at the right": ("official", aligned("000012", "right"), "份号", "7.2.1"),
    "security in another face": ("official", in_face("秘密", "宋体"), _MARKS, _MARKS_CLAUSE),
    "urgency centred": ("official", aligned("特急", "center"), _MARKS, _MARKS_CLAUSE),
    "urgency above security": (
        "official",
        both(reworded("秘密★1年", "平急"), reworded("特急", "秘密★1年")),
        _MARKS,
        "7.2.3",
    ),
    "term in Chinese": ("official", reworded("秘密★1年", "秘密★一年"), "保密期限", "7.2.2"),
    "masthead black": ("official", in_colour(_HEAD, "000000"), "发文机关标志", "7.2.4"),
    "masthead half black": ("official", half_of(_HEAD, valued("w:color", "000000")), "发文机关标志", "7.2.4"),
    "masthead left": ("official", aligned(_HEAD, "left"), "发文机关标志", "7.2.4"),
    "masthead in another face": ("official", in_face(_HEAD, "黑体"), "发文机关标志", "7.2.4"),
    "masthead too high": ("unsealed", spaced(_HEAD, before=0), "发文机关标志", "7.2.4"),
    "notice in grey": ("notice", in_colour("督办单", "808080"), "发文机关标志", "7.2.4"),
    "no masthead": ("unsealed", removed(_HEAD), "发文机关标志", "7.2.4"),
    "number one line below": ("official", spaced(_HEAD, after=579), "发文字号", "7.2.5"),
    "number at the left": ("official", aligned("示工", "left"), "发文字号", "7.2.5"),
    "number in another face": ("official", in_face("示工", "宋体"), "发文字号", "7.2.5"),
    "number half small": ("official", half_of("示工", valued("w:sz", 28)), "发文字号", "7.2.5"),
    "number in square brackets": ("official", reworded("〔2026〕31号", "[2026]31号"), "发文字号", "7.2.5"),
    "number with 第": ("official", reworded("〕31号", "〕第31号"), "发文字号", "7.2.5"),
    "number with a nought": ("official", reworded("〕31号", "〕031号"), "发文字号", "7.2.5"),
    "year short": ("official", reworded("〔2026〕", "〔26〕"), "发文字号", "7.2.5"),
    "signer's name in another face": ("upward", in_run("张某某", face("仿宋")), "签发人姓名", "7.2.6"),
    "signer's label in another face": ("upward", in_run("签发人", face("黑体")), "签发人", "7.2.6"),
    "signer's colon half": ("upward", reworded("签发人：", "签发人:"), "签发人", "7.2.6"),
    "upward number not one in": (
        "upward",
        set_all(".//w:pPr/w:tabs/w:tab[@w:val='left']", w_pos="1600"),
        "发文字号",
        "7.2.5",
    ),
    "signer not one in": (
        "upward",
        set_all(".//w:body/w:p/w:pPr/w:tabs/w:tab[@w:val='right']", w_pos="7500"),
        "签发人",
        "7.2.6",
    ),
    "report without signer": (
        "report",
        both(
            reworded("签发人：", ""),
            reworded("张某某　李某", ""),
            dropped(".//w:tabs/w:tab[@w:val='right']"),
            aligned("示工", "center"),
            dropped(".//w:body/w:p/w:r/w:tab"),
        ),
        "签发人",
        "公文处理工作条例第九条",
    ),
    "no red rule": ("official", set_all(".//w:pBdr/w:bottom", w_val="nil"), "红色分隔线", "7.2.7"),
    "rule black": ("official", set_all(".//w:pBdr/w:bottom", w_color="000000"), "红色分隔线", "7.2.7"),
    "rule close": ("official", set_all(".//w:pBdr/w:bottom", w_space="0"), "红色分隔线", "7.2.7"),
    "rule short": ("official", moved("示工", left=600, right=600), "红色分隔线", "7.2.7"),
    "rule of a briefing black": (
        "briefing",
        set_all(".//w:pBdr/w:bottom", "styles", w_color="000000"),
        "红色分隔线",
        "7.2.7",
    ),
    # -- title, recipients, text (7.3.1 to 7.3.3) ---
    "second line of the title in another face": ("official", half_of(_TITLE, face("黑体")), "标题", "7.3.1"),
    "second line of the title small": ("official", half_of(_TITLE, valued("w:sz", 36)), "标题", "7.3.1"),
    "title as small as text": ("official", in_size(_TITLE, 32), "标题", "7.3.1"),
    "title in the face of the text": ("official", in_face(_TITLE, "仿宋_GB2312"), "标题", "7.3.1"),
    "title left": ("official", aligned(_TITLE, "left"), "标题", "7.3.1"),
    "title red": ("official", in_colour(_TITLE, "FF0000"), "标题", "5.2.4"),
    "title one line below the rule": ("official", spaced(_TITLE, before=419), "标题", "7.3.1"),
    "title four lines below the rule": ("official", emptied_above(_TITLE, 2), "标题", "7.3.1"),
    "title with a stop": ("official", reworded("工作情况的通报", "工作情况的通报。"), "标题", "公文标题惯例"),
    "no title": ("unsealed", removed(_TITLE), "标题", "7.3.1"),
    "recipients at once below the title": ("official", spaced(_TITLE, after=0), "主送机关", "7.3.2"),
    "recipients indented": ("official", moved("各县", firstLine=640), "主送机关", "7.3.2"),
    "recipients centred": ("official", aligned("各县", "center"), "主送机关", "7.3.2"),
    "recipients half in another face": ("official", half_of("各县", face("黑体")), "主送机关", "7.3.2"),
    "recipients with a half colon": ("official", reworded("总工会：", "总工会:"), "主送机关", "7.3.2"),
    "text below an empty line": ("official", emptied_above("一、"), "正文", "7.3.3"),
    "no text": (
        "minutes",
        both(
            *(
                dropped(f".//w:pPr/w:pStyle[@w:val='{each}']/../..")
                for each in ("GwBody", "Heading1", "GwAttendance")
            )
        ),
        "正文",
        "7.3.3",
    ),
    "text half in another face": ("official", half_of(_TEXT, face("宋体")), "正文", "5.2.2"),
    "text half small": ("official", half_of("下一步", valued("w:sz", 30)), "正文", "5.2.2"),
    "text half red": ("official", half_of(_TEXT, valued("w:color", "FF0000")), "正文", "5.2.4"),
    "list set in whole": (
        "listed",
        set_all(".//w:lvl[@w:ilvl='1']/w:pPr/w:ind", "numbering", w_left="630"),
        "4级标题 正文",
        "7.3.3",
    ),
    "text flush": ("official", moved(_TEXT, firstLine=0), "正文", "7.3.3"),
    "text set in whole": ("official", moved(_TEXT, left=640), "正文", "7.3.3"),
    "text with half stops": ("official", reworded("截至三季度末，", "截至三季度末,"), "正文", "GB/T 15834"),
    "no text on this page": ("official", added_below("下一步", "（此页无正文）"), "正文", "7.3.5.5"),
    "first heading half in another face": ("official", half_of("一、", face("仿宋")), "1级标题", "7.3.3"),
    "second heading in another face": ("official", in_face("（一）", "黑体"), "2级标题", "7.3.3"),
    "third heading in another face": ("official", in_face("1.技能", "黑体"), "3级标题", "7.3.3"),
    "fourth heading small": ("official", in_size("（1）", 28), "4级标题", "7.3.3"),
    "heading flush": ("official", moved("一、", firstLine=0), "1级标题", "7.3.3"),
    "labels out of order": ("official", removed("一、"), "结构层次", "7.3.3"),
    # -- below the text (7.3.4 to 7.3.7) ---
    "note at once below the text": ("attached", spaced("附件：1.", before=0), "附件说明", "7.3.4"),
    "note flush": ("attached", moved("附件：1.", left=0, hanging=0), "附件说明", "7.3.4"),
    "second name in another face": ("attached", in_face("2.", "宋体"), "附件说明", "7.3.4"),
    "note with a stop": (
        "attached",
        reworded("重点任务责任分工安排说明", "重点任务责任分工安排说明。"),
        "附件说明",
        "7.3.4",
    ),
    "note typed another way": ("attached", reworded("附件：1.", "附件1："), "附件说明", "7.3.4"),
    "attachment named with book marks": (
        "attached",
        line_reworded("附件：1.", "各单位任务完成情况表", "《各单位任务完成情况表》"),
        "附件说明",
        "公文标题惯例",
    ),
    "day apart from the signature": ("unsealed", emptied_above(f"{_DAY}$"), "成文日期", "7.3.5.2"),
    "no note": ("attached", both(removed("附件：1."), removed("2.重点")), "附件说明", "7.3.4"),
    "signature flush": ("unsealed", flush_left("示范市总工会$"), "发文机关署名", "7.3.5.2"),
    "sealed signature flush": ("official", flush_left("示范市总工会$"), "发文机关署名", "7.3.5.1"),
    "stamped signature flush": ("stamped", flush_left("主任"), "发文机关署名", "7.3.5.3"),
    "day flush": ("unsealed", flush_left(_DAY), "成文日期", "7.3.5.2"),
    "sealed day at the edge": ("official", moved(_DAY, right=0), "成文日期", "7.3.5.1"),
    "signature at once below the text": (
        "unsealed",
        spaced("示范市总工会$", before=0),
        "发文机关署名",
        "7.3.5.2",
    ),
    "signature in another face": ("official", in_face("示范市总工会$", "黑体"), "发文机关署名", "7.3.5"),
    "day small": ("official", in_size(_DAY, 28), "成文日期", "7.3.5"),
    "day in Chinese": ("unsealed", reworded(_DAY, "二〇二六年十一月五日"), "成文日期", "7.3.5.4"),
    "day with a nought": ("unsealed", reworded(_DAY, "2026年11月05日"), "成文日期", "7.3.5.4"),
    "no day": ("official", removed(_DAY), "成文日期", "7.3.5"),
    "remark without brackets": ("attached", reworded("（此件公开发布）", "此件公开发布"), "附注", "7.3.6"),
    "remark flush": ("attached", moved("（此件", firstLine=0), "附注", "7.3.6"),
    "remark below an empty line": ("attached", emptied_above("（此件"), "附注", "7.3.6"),
    "remark small": ("attached", in_size("（此件", 28), "附注", "7.3.6"),
    "attachment on the same page": ("attached", without("附件2", "pageBreakBefore"), "附件序号", "7.3.7"),
    "attachment's mark in another face": ("attached", in_face("附件1", "仿宋"), "附件序号", "7.3.7"),
    "attachment's mark indented": ("attached", moved("附件1", firstLine=640), "附件序号", "7.3.7"),
    "attachment's mark centred": ("attached", aligned("附件1", "center"), "附件序号", "7.3.7"),
    "attachment's mark with a colon": ("attached", reworded("附件2", "附件2："), "附件序号", "7.3.7"),
    "attachment's number another": ("attached", reworded("附件2", "附件3"), "附件序号", "7.3.7"),
    "attachment's title left": ("attached", aligned("各单位任务", "left"), "附件标题", "7.3.7"),
    "attachment's title in line two": ("attached", spaced("重点任务", before=0), "附件标题", "7.3.7"),
    "attachment's title another": (
        "attached",
        line_reworded("重点任务", "责任分工", "分工"),
        "附件标题",
        "7.3.7",
    ),
    "attachment's title in another face": (
        "attached",
        in_face("重点任务", "黑体"),
        "附件标题",
        "附件格式同正文",
    ),
    "attachment's text small": ("attached", in_size("各单位对照", 28), "附件正文", "7.3.7"),
    # -- imprint (7.4) ---
    "copy line without a stop": ("official", reworded("市政协办公室。", "市政协办公室"), "抄送机关", "7.4.2"),
    "copy line large": ("official", in_size("抄送", 32), "抄送机关", "7.4.2"),
    "copy line half in another face": ("official", half_of("抄送", face("宋体")), "抄送机关", "7.4.2"),
    "copy line at the edge": ("official", moved("抄送", left=840), "抄送机关", "7.4.2"),
    "copy line with a half colon": ("official", reworded("抄送：", "抄送:"), "抄送机关", "7.4.2"),
    "printing line of blanks": ("official", swapped_tab(_PRINTED, "    "), "印发机关和印发日期", "7.4.3"),
    "printing line without its stop": ("official", dropped(_STOPS, "styles"), "印发机关和印发日期", "7.4.3"),
    "printing line at the edge": ("official", moved(_PRINTED, left=0), "印发机关和印发日期", "7.4.3"),
    "printing day with a nought": (
        "official",
        reworded(f"{_DAY}印发", "2026年11月05日印发"),
        "印发机关和印发日期",
        "7.4.3",
    ),
    "printing line large": ("official", in_size(_PRINTED, 32), "印发机关和印发日期", "7.4.3"),
    "no first rule": ("official", dropped(".//wps:txbx//w:tblBorders/w:top"), "版记分隔线", "7.4.1"),
    "last rule thin": (
        "official",
        set_all(".//wps:txbx//w:tblBorders/w:bottom", w_sz="4"),
        "版记分隔线",
        "7.4.1",
    ),
    "middle rule thick": (
        "official",
        set_all(".//wps:txbx//w:tblBorders/w:insideH", w_sz="12"),
        "版记分隔线",
        "7.4.1",
    ),
    "no middle rule": ("official", dropped(".//wps:txbx//w:tblBorders/w:insideH"), "版记分隔线", "7.4.1"),
    "rules short": ("official", set_all(".//wps:txbx//w:gridCol", w_w="7000"), "版记分隔线", "7.4.1"),
    "imprint too high": ("official", retexted(".//wp:positionV/wp:posOffset", "5000000"), "版记", "7.4.1"),
    "imprint before an attachment": ("attached", imprint_before("附件1"), "版记", "7.4.1"),
    "letter with a printing line": (
        "letter",
        added_below("抄送", f"示范市总工会办公室\t{_DAY}印发", "GwPrinted"),
        "版记",
        "10.1",
    ),
    "letter's imprint with rules": (
        "letter",
        lambda parts: (
            parts.tree()
            .find(".//wps:txbx//w:tblPr", NAMESPACES)
            .insert(1, node("w:tblBorders", None, rule("w:top", 1.0), rule("w:bottom", 1.0)))
        ),
        "版记分隔线",
        "10.1",
    ),
    # -- page numbers (7.5) ---
    "no page numbers": ("official", dropped(".//w:footerReference"), "页码", "7.5"),
    "odd and even alike": ("official", dropped(".//w:evenAndOddHeaders", "settings"), "页码", "7.5"),
    "odd number centred": ("official", aligned("—", "center", "footer_default"), "单页页码", "7.5"),
    "odd number at the edge": ("official", moved("—", "footer_default", right=0), "单页页码", "7.5"),
    "odd number large": ("official", in_size("—", 32, "footer_default"), "单页页码", "7.5"),
    "odd number in another face": (
        "official",
        in_face("—", "Times New Roman", "footer_default"),
        "单页页码",
        "7.5",
    ),
    "even number at the right": ("official", aligned("—", "right", "footer_even"), "双页页码", "7.5"),
    "even number without dashes": (
        "official",
        both(*[reworded("—", "", "footer_even")] * 2),
        "双页页码",
        "7.5",
    ),
    "even number indented": ("official", moved("—", "footer_even", left=900), "双页页码", "7.5"),
    "numbers too low": (
        "official",
        set_all(".//w:pgMar", w_footer="850"),
        "单页页码 双页页码",
        "7.5",
    ),
    # -- letter (10.1) ---
    "letter without rules": ("letter", dropped(".//mc:AlternateContent", _HEAD_PART), "信函双线", "10.1"),
    "letter's rules short": ("letter", set_all(".//wp:extent", _HEAD_PART, cx="5616000"), "信函双线", "10.1"),
    "letter's rules black": ("letter", set_all(".//a:srgbClr", _HEAD_PART, val="000000"), "信函双线", "10.1"),
    "letter's upper rule low": (
        "letter",
        both(*(retexted(f"{_BARS}[{each}]{_DOWN}", "2340000", _HEAD_PART) for each in (2, 3))),
        "信函双线",
        "10.1",
    ),
    "letter's lower rule high": (
        "letter",
        retexted(f"{_BARS}[4]{_DOWN}", "9500000", _HEAD_PART),
        "信函双线",
        "10.1",
    ),
    "letter's masthead high": ("letter", set_all(".//w:pgMar", w_header="851"), "发文机关标志", "10.1"),
    "letter's masthead black": (
        "letter",
        in_colour("示范市产改", "000000", _HEAD_PART),
        "发文机关标志",
        "10.1",
    ),
    "letter's number at the left": ("letter", without("平急", "tabs"), "发文字号", "10.1"),
    "letter's title close": ("letter", spaced(_TITLE, before=100), "标题", "10.1"),
    "letter's page one numbered": ("letter", dropped(".//w:titlePg"), "页码", "10.1"),
    # -- minutes (10.3) ---
    "minutes black": ("minutes", in_colour("示范市产改协调小组会议纪要", "000000"), "发文机关标志", "10.3"),
    "minutes too high": ("minutes", spaced("示范市产改协调小组会议纪要", before=0), "发文机关标志", "10.3"),
    "minutes without a rule": ("minutes", without("第4期", "pBdr"), "红色分隔线", "7.2.7"),
    "attendance in the face of the text": ("minutes", in_run("出席", face("仿宋")), "出席人员名单", "10.3"),
    "people in heavy type": ("minutes", in_run("冯某", face("黑体")), "出席人员名单", "10.3"),
    "attendance flush": ("minutes", moved("请假", left=945, hanging=945), "出席人员名单", "10.3"),
    "attendance at once below the text": ("minutes", spaced("出席", before=0), "出席人员名单", "10.3"),
    "attendance with a half colon": ("minutes", reworded("：冯某", ":冯某"), "出席人员名单", "10.3"),
    # -- briefing (custom) ---
    "briefing's masthead black": ("briefing", in_colour("产改工作简报", "000000"), "发文机关标志", "7.2.4"),
    "briefing's receivers without a stop": (
        "briefing",
        reworded("省产改办。", "省产改办"),
        "发送机关",
        "7.4.2",
    ),
    "briefing's copies large": ("briefing", in_size("（共印", 32), "印数", "版记惯例"),
    # -- regulations, own rules ---
    "two recipients": (
        "asking",
        reworded("省总工会：", "省总工会、市委："),
        "主送机关",
        "公文处理工作条例第十五条",
    ),
    "request in a report": (
        "report",
        reworded("重点工作有序推进。", "特此请示。"),
        "正文",
        "公文处理工作条例第十五条",
    ),
    "request copied": (
        "upward",
        reworded("工作情况的通报", "工作情况的请示"),
        "抄送机关",
        "公文处理工作条例第十五条",
    ),
    "head not repeated": ("attached", dropped(".//w:tblHeader"), "第 1 张表", "读表方便"),
    "pictures not described": (
        "charted",
        set_all(".//wp:docPr", descr=""),
        "第 1 幅图 第 2 幅图",
        "无障碍阅读",
    ),
    "changes tracked": ("official", marked(_TEXT, node("w:ins")), "修订痕迹", "定稿"),
    "comments left": (
        "official",
        marked(_TEXT, node("w:r", None, node("w:commentReference"))),
        "批注",
        "定稿",
    ),
}
