"""Tables and charts unit by unit, and what a template makes of months in which nothing lags."""

from datetime import date

import pytest

from changai.areas.assessments.models import Round
from changai.areas.briefings.actions import submit_briefing
from changai.areas.briefings.queries import catalogue_for, compose, faults_of, sketch
from changai.areas.briefings.rules import ASKED, PAPER_KINDS, block_fault, fitted, head_faults
from changai.areas.briefings.tests.make import OCTOBER, WRITTEN, MadeMonth, make_catalogue, make_draft
from changai.areas.briefings.tests.test_kinds import make_paper
from changai.areas.organisations.models import City
from changai.core.errors import Invalid
from changai.documents import paper as papers
from changai.documents.checking import check_document
from changai.documents.docx import render_docx
from changai.foundation.actors import Actor

DAY = date(2026, 11, 12)
pytestmark = pytest.mark.django_db


def test_every_number_of_a_table_or_chart_is_a_figure_with_its_records(
    officer: Actor, month: MadeMonth, round_: Round
) -> None:
    units = frozenset({month.early.pk, month.late.pk})
    for whose in (frozenset(), units):
        catalogue = catalogue_for(officer, OCTOBER, round_=round_, as_of=WRITTEN, units=whose)
        for key, entry in catalogue.drawings.items():
            drawn = entry.draw()
            made = {each.key: each for each in drawn.produced}
            for figure in papers.blocks.figures_of([drawn.block]):
                assert figure.key in made, key
                assert made[figure.key].definition
                assert made[figure.key].is_nothing or made[figure.key].records, (key, figure)
    assert "table.losses" in catalogue.drawings  # of papers sent to units of the round


def test_the_ledger_by_unit_tells_each_units_tasks_and_pace(officer: Actor, month: MadeMonth) -> None:
    table = make_catalogue(officer).draw("table.units").block
    assert isinstance(table, papers.Table)
    told = {papers.plain(row[0]): [papers.plain(cell) for cell in row[1:]] for row in table.rows}
    assert told == {
        "早县": ["1", "1", "100.0%", "100.0%", "0"],
        "晚县": ["1", "0", "60.0%", "100.0%", "1"],
    }
    chart = make_catalogue(officer).draw("chart.heat.county").block
    assert isinstance(chart, papers.Chart)
    assert chart.spec.categories == ("早县", "晚县")
    assert [series.values for series in chart.spec.series] == [(100.0, 60.0)]


def test_feedback_tells_a_unit_its_own_result_and_where_points_were_lost(
    officer: Actor, month: MadeMonth, round_: Round
) -> None:
    units = frozenset({month.late.pk})
    catalogue = catalogue_for(officer, OCTOBER, round_=round_, as_of=WRITTEN, units=units)
    blocks = fitted(PAPER_KINDS["feedback"].template, catalogue.names, catalogue.drawn, month=OCTOBER.label)
    draft = make_paper(officer, "feedback", month, round_id=round_.pk, blocks=blocks)
    composed = sketch(draft, catalogue, issued_on=DAY).paper
    said = [papers.plain(block.parts) for block in composed.blocks if isinstance(block, papers.Paragraph)]
    score = round_.scores.get(unit=month.late)
    assert (
        f"晚县：得分{score.total_hundredths / 100:.2f}分，在3个参加排名的单位中列第{score.rank}名"
        in "".join(said)
    )
    assert not any("早县" in words for words in said)
    assert any("承担任务1项" in words for words in said)
    (losses,) = [
        block for block in composed.blocks if isinstance(block, papers.Table) and block.caption == "失分情况"
    ]
    assert [column.title for column in losses.columns] == ["指标", "失分", "说明", "改进办法"]


@pytest.mark.parametrize("kind", ["briefing", "assessment_circular", "feedback"])
def test_papers_on_a_result_are_set_without_any_deviation(
    officer: Actor, month: MadeMonth, round_: Round, kind: str
) -> None:
    units = frozenset({month.late.pk}) if kind == "feedback" else frozenset()
    catalogue = catalogue_for(officer, OCTOBER, round_=round_, as_of=WRITTEN, units=units)
    blocks = fitted(PAPER_KINDS[kind].template, catalogue.names, catalogue.drawn, month=OCTOBER.label)
    blocks += [{"kind": "table", "source": key} for key in catalogue.drawn if key.startswith("table.")]
    draft = make_paper(officer, kind, month, round_id=round_.pk, blocks=blocks)
    told = check_document(render_docx(sketch(draft, catalogue, issued_on=DAY).paper), name="公文.docx")
    assert [each.sentence() for each in told] == []


def test_rules_behind_a_score_are_named_with_their_version(
    officer: Actor, month: MadeMonth, round_: Round
) -> None:
    catalogue = catalogue_for(officer, OCTOBER, round_=round_, as_of=WRITTEN)
    scheme = round_.scheme
    ruled_by = f"按《{scheme.name}》（{scheme.version_label} 版）计算"
    assert ruled_by in catalogue.produce("平均得分").definition
    assert all(ruled_by in each.definition for each in catalogue.draw("table.scores").produced)


def test_a_heading_goes_with_the_blocks_under_it(officer: Actor, month: MadeMonth) -> None:
    blocks = [
        {"kind": "heading1", "text": "甲"},
        {"kind": "paragraph", "text": "有退回。", "when": "present:退回单位数"},
        {"kind": "heading1", "text": "乙"},
        {"kind": "heading2", "text": "乙一"},
        {"kind": "paragraph", "text": "有退回。", "when": "present:退回单位数"},
        {"kind": "heading2", "text": "乙二"},
        {"kind": "paragraph", "text": "正文。"},
    ]
    draft = make_draft(officer, blocks=blocks)
    composed = compose(draft, make_catalogue(officer), issued_on=DAY).paper
    told = [papers.plain(block.parts) for block in composed.blocks]
    assert told == ["一、乙", "（一）乙二", "正文。"]


@pytest.mark.parametrize("words", ASKED)
def test_what_the_template_asks_people_to_write_keeps_a_draft_from_being_submitted(
    officer: Actor, month: MadeMonth, words: str
) -> None:
    assert "还有待填写的内容" in block_fault({"kind": "paragraph", "text": f"前文{words}"}, set(), set())
    draft = make_draft(officer, blocks=[{"kind": "paragraph", "text": words}])
    with pytest.raises(Invalid) as refused:
        submit_briefing(officer, draft.pk, version=draft.version, at=WRITTEN)
    assert "还有待填写的内容" in refused.value.faults[0]


def test_a_report_upwards_needs_a_receiver_and_a_signer(officer: Actor, month: MadeMonth) -> None:
    upward = PAPER_KINDS["special_report"]
    assert len(head_faults(upward, " ", "")) == 2
    assert head_faults(upward, "省产改办", "张某某") == []
    assert head_faults(PAPER_KINDS["supervision_circular"], "", "") == []
    draft = make_paper(officer, "special_report", month)
    draft.signers = ""
    assert any("签发人" in fault for fault in faults_of(draft, make_catalogue(officer)))


SIGNED = [
    kind.key for kind in PAPER_KINDS.values() if kind.has_recipients and not (kind.tells_opinions or kind.sends)
]  # fmt: skip


@pytest.mark.parametrize("kind", SIGNED)
def test_the_body_that_signs_is_the_one_in_the_masthead(officer: Actor, month: MadeMonth, kind: str) -> None:
    names = {"city_name": "示范市", "office_name": "示范市产业工人队伍建设改革协调小组办公室"}
    City.objects.update_or_create(pk=1, defaults=names)
    composed = sketch(make_paper(officer, kind, month), make_catalogue(officer), issued_on=DAY).paper
    assert isinstance(composed, papers.Document)
    assert composed.signature is not None
    if composed.masthead != "督办单":
        assert composed.masthead.removesuffix("文件") == composed.signature.issuer
    assert composed.signature.issuer.startswith("示范市产业工人")
    assert render_docx(composed)
