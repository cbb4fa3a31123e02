"""Papers of every kind: composed, numbered in their series, set without deviation, read by those they are for."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from pypdf import PdfReader

from changai.areas.accounts.tests.make import actor_for
from changai.areas.briefings.actions import (
    approve_briefing,
    freeze_briefing,
    start_briefing,
    submit_briefing,
    write_briefing,
)
from changai.areas.briefings.models import Briefing
from changai.areas.briefings.queries import appearances, catalogue_for, compose, faults_of, visible_to
from changai.areas.briefings.rules import (
    ASKED,
    PAPER_KINDS,
    Standing,
    block_fault,
    cleaned_blocks,
    fitted,
    standings,
)
from changai.areas.briefings.tests.make import WRITTEN, MadeMonth
from changai.areas.briefings.views.frame import KINDS_OF_PAPERS
from changai.areas.reporting.tests.make import OCTOBER
from changai.core.errors import Invalid
from changai.documents.checking import check_document
from changai.documents.docx import render_docx
from changai.documents.paper import Document, Heading, paper_from_dict, plain
from changai.documents.pdf import render_pdf
from changai.foundation.actors import Actor, Role

DAY = WRITTEN.date()


def make_paper(officer: Actor, kind: str, month: MadeMonth, **more: object) -> Briefing:
    units = frozenset({month.late.pk}) if PAPER_KINDS[kind].reaches == "addressees" else frozenset()
    catalogue = catalogue_for(officer, OCTOBER, round_=None, as_of=WRITTEN, units=units)
    blocks = fitted(PAPER_KINDS[kind].template, catalogue.names, catalogue.drawn, month=OCTOBER.label)
    blocks = [_written(block) for block in blocks]
    given = {"title": "关于有关工作的公文", "month": OCTOBER, "blocks": blocks, "kind": kind, "at": WRITTEN}
    paper = start_briefing(officer, unit_ids=tuple(units), **(given | more))  # type: ignore[arg-type]
    if PAPER_KINDS[kind].is_upward:
        paper.recipients, paper.signers = "省产改办", "张某某"
        paper.save()
    return paper


def _written(block: dict[str, str]) -> dict[str, str]:
    """Return a template's block with what only people can write."""
    if not any(words in block.get("text", "") for words in ASKED):
        return block
    return block | {"text": "出席：张某某、李某" if block["kind"] == "attendance" else "写好的内容。"}


def issue(officer: Actor, head: Actor, paper: Briefing) -> Briefing:
    submit_briefing(officer, paper.pk, version=paper.version, at=WRITTEN)
    approve_briefing(head, paper.pk, version=paper.version + 1, at=WRITTEN)
    return freeze_briefing(head, paper.pk, version=paper.version + 2, at=WRITTEN)


# The paper on opinions needs a consultation: see test_consulted.
@pytest.mark.django_db
@pytest.mark.parametrize(
    "kind", [key for key, kind in PAPER_KINDS.items() if not (kind.tells_opinions or kind.sends)]
)
def test_every_kind_is_composed_from_its_template_and_set_without_a_binding_deviation(
    kind: str, officer: Actor, month: MadeMonth
) -> None:
    paper = make_paper(officer, kind, month)
    catalogue = catalogue_for(officer, OCTOBER, round_=None, as_of=WRITTEN)
    composed = compose(paper, catalogue, issued_on=DAY).paper
    assert paper_from_dict(composed.to_dict()) == composed
    told = check_document(render_docx(composed), name="公文.docx")
    assert [each.sentence() for each in told if each.is_binding] == []


@pytest.mark.django_db
def test_numbers_run_by_series_and_year_and_the_number_stands_in_the_paper(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    first = issue(officer, office_head, make_paper(officer, "notice_blue", month))
    second = issue(officer, office_head, make_paper(officer, "notice_red", month))
    other = issue(officer, office_head, make_paper(officer, "supervision_circular", month))
    assert (first.issue_number, second.issue_number, other.issue_number) == (1, 2, 1)
    assert (first.total_number, other.total_number) == (None, None)
    frozen = paper_from_dict(second.content)
    assert isinstance(frozen, Document)
    assert frozen.number == second.number_text == "本产改督〔2026〕2号"
    assert (frozen.colour, frozen.masthead) == ("C00000", "督办单")


@pytest.mark.django_db
def test_a_notice_tells_of_its_own_units_tasks_and_is_read_by_them_alone(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    notice = issue(officer, office_head, make_paper(officer, "notice_yellow", month))
    theirs = actor_for(Role.UNIT_LIAISON, month.late)
    others = actor_for(Role.UNIT_LIAISON, month.early)
    leader = actor_for(Role.LEADER)
    assert visible_to(theirs).filter(pk=notice.pk).exists()
    assert visible_to(leader).filter(pk=notice.pk).exists()
    assert not visible_to(others).filter(pk=notice.pk).exists()
    circular = issue(officer, office_head, make_paper(officer, "supervision_circular", month))
    assert visible_to(others).filter(pk=circular.pk).exists()
    lines = [record for figure in notice.figures.all() for record in figure.records]
    assert {record["unit"] for record in lines} <= {month.late.name}


@pytest.mark.django_db
def test_a_letter_needs_the_units_it_is_sent_to(officer: Actor, month: MadeMonth) -> None:
    with pytest.raises(Invalid, match="应选择主送单位"):
        start_briefing(officer, title="函", month=OCTOBER, kind="reminder", blocks=[], at=WRITTEN)
    with pytest.raises(Invalid, match="没有这样的文种"):
        start_briefing(officer, title="函", month=OCTOBER, kind="poem", blocks=[], at=WRITTEN)


@pytest.mark.django_db
def test_an_upward_report_carries_its_signers(officer: Actor, month: MadeMonth) -> None:
    paper = make_paper(officer, "special_report", month)
    line = {"signers": "张某某，李某", "recipients": "省产改办", "urgency": "特急", "number_code": "示工报"}
    write_briefing(
        officer,
        paper.pk,
        title=paper.title,
        blocks=paper.draft,
        imprint=line,
        version=paper.version,
        at=WRITTEN,
    )
    paper.refresh_from_db()
    catalogue = catalogue_for(officer, OCTOBER, round_=None, as_of=WRITTEN)
    composed = compose(paper, catalogue, issued_on=DAY).paper
    assert isinstance(composed, Document)
    assert (composed.signers, composed.recipients, composed.urgency) == (
        ("张某某", "李某"),
        ("省产改办",),
        "特急",
    )
    assert composed.number == "示工报〔　〕　号"


@pytest.mark.django_db
def test_blocks_stand_or_fall_with_their_condition(officer: Actor, month: MadeMonth) -> None:
    blocks = [
        {"kind": "paragraph", "text": "有迟报。", "when": "present:迟报单位数"},
        {"kind": "paragraph", "text": "无退回。", "when": "absent:退回单位数"},
        {"kind": "paragraph", "text": "有退回。", "when": "present:退回单位数"},
    ]
    paper = make_paper(officer, "briefing", month, blocks=blocks)
    catalogue = catalogue_for(officer, OCTOBER, round_=None, as_of=WRITTEN)
    composed = compose(paper, catalogue, issued_on=DAY).paper
    told = [plain(block.parts) for block in composed.blocks if hasattr(block, "parts")]
    there = [catalogue.produce(name).is_nothing for name in ("迟报单位数", "退回单位数")]
    assert told == [
        *([] if there[0] else ["有迟报。"]), *(["无退回。"] if there[1] else ["有退回。"]),
    ]  # fmt: skip
    hanging = [{"kind": "paragraph", "when": "present:没有的"}]
    assert standings(hanging, lambda _: True, frozenset()) == [Standing.CONDITION]


ENCLOSING = [
    {"kind": "paragraph", "text": "现将有关情况通报如下。"},
    {"kind": "heading1", "text": "甲"},
    {"kind": "heading2", "text": "乙"},
    {"kind": "heading3", "text": "丙"},
    {"kind": "heading4", "text": "丁"},
    {"kind": "heading4", "text": "戊"},
    {"kind": "heading3", "text": "己"},
    {"kind": "heading2", "text": "庚"},
    {"kind": "heading3", "text": "辛"},
    {"kind": "remark", "text": "（联系人：张某某，电话：12345678）"},
    {"kind": "attachment", "text": "报送情况"},
    {"kind": "heading1", "text": "总数"},
    {"kind": "paragraph", "text": "应报【应报单位数】个。"},
    {"kind": "attachment", "text": "退回单位", "when": "present:退回单位数"},
    {"kind": "paragraph", "text": "没有退回时不附。"},
    {"kind": "attachment", "text": "各类单位报送情况"},
    {"kind": "table", "source": "table.rates"},
]


@pytest.mark.django_db
def test_attachments_headings_of_four_levels_and_a_remark_reach_paper_and_archive(
    officer: Actor, office_head: Actor, month: MadeMonth, signed_in: Callable[[Actor], Client]
) -> None:
    issued = issue(officer, office_head, make_paper(officer, "supervision_circular", month, blocks=ENCLOSING))
    frozen = paper_from_dict(issued.content)
    assert isinstance(frozen, Document)
    headings = [plain(block.parts) for block in frozen.all_blocks if isinstance(block, Heading)]
    assert headings == [
        "一、甲", "（一）乙", "1.丙", "（1）丁", "（2）戊", "2.己", "（二）庚", "1.辛", "一、总数",
    ]  # fmt: skip
    assert frozen.attachment_notes == ("1. 报送情况", "2. 各类单位报送情况")
    assert frozen.remark == "联系人：张某某，电话：12345678"
    assert issued.figures.filter(key="rates.owed").exists()
    told = check_document(render_docx(frozen), name="公文.docx")
    assert [each.sentence() for each in told if each.is_binding] == []
    pages = [page.extract_text().strip() for page in PdfReader(BytesIO(render_pdf(frozen))).pages]
    assert [page[:3] for page in pages if page.startswith("附件")] == ["附件1", "附件2"]
    shown = signed_in(officer).get(reverse("briefings:briefing", args=[issued.pk])).content.decode()
    places = [
        shown.index(words)
        for words in ("（1）丁", "1. 报送情况", "paper-signature", "（联系人：", "附件1<", "一、总数")
    ]
    assert places == sorted(places)


@pytest.mark.django_db
def test_figures_are_refused_where_none_can_stand(officer: Actor, month: MadeMonth) -> None:
    blocks = [
        {"kind": "paragraph", "text": "应报【应报单位数】个。"},
        {"kind": "attendance", "text": "出席：【应报单位数】人"},
        {
            "kind": "picture",
            "source": f"picture:{'a' * 64}:10:10:png",
            "text": "图",
            "caption": "【按时报送率】",
        },
    ]
    minutes = make_paper(officer, "minutes", month, blocks=blocks)
    places = {
        "title": "标题",
        "recipients": "主送",
        "copy_to": "抄送",
        "report_to": "报",
        "send_to": "送",
        "distribute_to": "发",
        "signers": "签发人",
        "number_code": "发文代字",
    }
    for name in places:
        setattr(minutes, name, "【应报单位数】")
    told = faults_of(minutes, catalogue_for(officer, OCTOBER, round_=None, as_of=WRITTEN))
    for place in (*places.values(), "第 2 段：出席人员", "第 3 段：图题"):
        assert any(fault.startswith(f"{place}里不能引用数据【") for fault in told), place
    assert not any(fault.startswith("第 1 段") for fault in told)
    minutes.save()
    with pytest.raises(Invalid) as refused:
        submit_briefing(officer, minutes.pk, version=minutes.version, at=WRITTEN)
    assert "标题里不能引用数据【应报单位数】，请直接写文字。" in refused.value.faults


@pytest.mark.django_db
def test_blocks_a_paper_has_no_place_for_and_words_that_cannot_be_set_are_told(
    officer: Actor, month: MadeMonth
) -> None:
    blocks = [
        {"kind": "attachment", "text": "名单。"},
        {"kind": "paragraph", "text": "甲"},
        {"kind": "heading1", "text": "一、总体情况"},
        {"kind": "remark", "text": "共【应报单位数】个"},
        {"kind": "remark", "text": "乙"},
    ]
    catalogue = catalogue_for(officer, OCTOBER, round_=None, as_of=WRITTEN)
    letter = make_paper(officer, "supervision_circular", month, blocks=blocks)
    assert faults_of(letter, catalogue) == [
        "第 1 段：附件名称后不加标点符号，请删去。",
        "第 3 段：标题的序号由系统按层次编排，请删去文字前的序号。",
        "第 4 段：附注里不能引用数据【应报单位数】，请直接写文字。",
        "附件之前至少应有一个正文段落。",
        "附注只写一处，请合并为一段。",
    ]
    briefing = make_paper(officer, "briefing", month, blocks=[blocks[1], blocks[0] | {"text": "名单"}])
    assert faults_of(briefing, catalogue) == ["第 2 段：简报里没有“附件”，请改作其他段落或删除。"]


@pytest.mark.django_db
def test_the_writer_is_told_which_blocks_fall_and_why(officer: Actor, month: MadeMonth) -> None:
    catalogue = catalogue_for(officer, OCTOBER, round_=None, as_of=WRITTEN)
    blocks = [
        {"kind": "paragraph", "text": "甲"},
        {"kind": "heading1", "text": "退回情况"},
        {"kind": "paragraph", "text": "有退回。", "when": "present:退回单位数"},
        {"kind": "paragraph", "text": "有迟报。", "when": "present:迟报单位数"},
        {"kind": "paragraph", "text": "【单位】。", "each": "late"},
        {"kind": "paragraph", "text": "【单位】。", "each": "returned"},
        {"kind": "attachment", "text": "名单", "when": "absent:迟报单位数"},
        {"kind": "paragraph", "text": "乙"},
    ]
    assert appearances(blocks[:3], catalogue)[1:] == [
        "现在不出现：标题下的各段都不出现。",
        "现在不出现：“退回单位数”现为“0”。",
    ]
    assert appearances(blocks, catalogue)[3:] == [
        "现在出现：“迟报单位数”现为“1”。",
        "现在写 1 段：晚县。",
        "现在一段也没有：没有这样的单位。",
        "现在不出现：“迟报单位数”现为“1”。",
        "现在不出现：所在的附件不出现。",
    ]


@pytest.mark.django_db
def test_changes_are_worded_in_units_and_percentage_points(officer: Actor, month: MadeMonth) -> None:
    catalogue = catalogue_for(officer, OCTOBER, round_=None, as_of=WRITTEN)
    names = [name for name in catalogue.entries if name.endswith("较上月")]
    assert "按时报送率较上月" in names
    assert catalogue.produce("按时报送率较上月").is_empty  # nothing was owed in September


@pytest.mark.django_db
def test_pages_of_a_document(
    signed_in: Callable[[Actor], Client], officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    office = signed_in(officer)
    paper = make_paper(officer, "special_report", month)
    shown = office.get(reverse("briefings:compose", args=[paper.pk])).content.decode()
    for label in ("发文代字", "主送", "抄送", "签发人", "紧急程度", "出现条件"):
        assert label in shown
    assert "印数" not in shown
    issued = issue(officer, office_head, paper)
    page = office.get(reverse("briefings:briefing", args=[issued.pk])).content.decode()
    assert issued.number_text in page
    assert "印发" in page
    listed = office.get(reverse("briefings:index"), {"kind": "special_report"}).content.decode()
    assert issued.title in listed
    assert issued.title not in office.get(reverse("briefings:index"), {"kind": "minutes"}).content.decode()


@pytest.mark.django_db
def test_a_paragraph_is_repeated_for_each_unit_in_a_state_and_its_words_open(
    officer: Actor, month: MadeMonth
) -> None:
    text = "【单位】有【项数】项：【明细】。"
    blocks = [{"kind": "paragraph", "text": text, "each": state} for state in ("late", "missing", "lagging")]
    paper = make_paper(officer, "supervision_circular", month, blocks=blocks)
    catalogue = catalogue_for(officer, OCTOBER, round_=None, as_of=WRITTEN)
    composed = compose(paper, catalogue, issued_on=DAY)
    said = [plain(block.parts) for block in composed.paper.blocks]
    assert said[0].startswith("晚县有1项：截止日为2026年11月5日")
    assert said[0].endswith("报出，迟报。")
    assert said[1].startswith("无县有1项：")
    assert "晚县推进技能培训（进度60.0%，" in said[2]
    for block in composed.paper.blocks:
        keys = [part.key for part in block.parts if not isinstance(part, str)]
        assert len(keys) == 3
        assert all(composed.produced[key].records for key in keys)


@pytest.mark.django_db
def test_nobody_in_a_state_leaves_no_paragraph(officer: Actor, month: MadeMonth) -> None:
    blocks = [
        {"kind": "paragraph", "text": "正文。"},
        {"kind": "paragraph", "text": "【单位】被退回。", "each": "returned"},
    ]
    paper = make_paper(officer, "supervision_circular", month, blocks=blocks)
    catalogue = catalogue_for(officer, OCTOBER, round_=None, as_of=WRITTEN)
    assert len(compose(paper, catalogue, issued_on=DAY).paper.blocks) == 1


def test_a_repeated_paragraph_names_its_unit_and_own_tokens_are_unknown_elsewhere() -> None:
    known = frozenset({"应报单位数"})
    repeated = {"kind": "paragraph", "text": "【单位】【明细】【应报单位数】", "each": "late"}
    assert block_fault(repeated, known, frozenset()) == ""
    assert "应写有【单位】" in block_fault(repeated | {"text": "【明细】"}, known, frozenset())
    assert "“单位”" in block_fault({"kind": "paragraph", "text": "【单位】"}, known, frozenset())
    cleaned = cleaned_blocks([repeated, repeated | {"each": "x"}, repeated | {"kind": "heading1"}])
    assert ["each" in block for block in cleaned] == [True, False, False]


@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_no_template_says_this_month_where_it_means_the_month_of_the_paper(kind: str) -> None:
    for block in PAPER_KINDS[kind].template:
        own = re.sub("【[^】]*】", "", block.get("text", ""))
        assert "本月" not in own
        assert "上月" not in own


def test_every_kind_has_a_name_on_pages_in_other_languages() -> None:
    assert list(KINDS_OF_PAPERS) == [kind.name for kind in PAPER_KINDS.values()]
    with translation.override("en"):
        names = [gettext(name) for name in KINDS_OF_PAPERS]
    assert not [name for name in names if re.search("[\u4e00-\u9fff]", name)]
    assert len({*names}) == len(names)
