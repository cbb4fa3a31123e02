"""The catalogue on a small month, the paper made of it, and the ways down to what was sent."""

import json
from datetime import date
from typing import Any

import pytest

from changai.areas.assessments.models import Round, Score
from changai.areas.briefings import queries
from changai.areas.briefings.queries.records import ABSENT
from changai.areas.briefings.tests.make import (
    BLOCKS,
    OCTOBER,
    OPENED,
    WRITTEN,
    MadeMonth,
    make_catalogue,
    make_draft,
    make_frozen,
)
from changai.areas.facts.tests.make import make_fact, make_field
from changai.areas.reporting.actions import open_period
from changai.areas.reporting.models import Submission
from changai.areas.reporting.tests.make import OFFICER, make_claim, make_form
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.documents import paper
from changai.foundation.actors import Actor

pytestmark = pytest.mark.django_db
MONTH_WITHOUT_ANYTHING = Month(2025, 3)


def texts(catalogue: queries.Catalogue) -> dict[str, str]:
    return {name: catalogue.produce(name).text for name in catalogue.entries}


def test_every_figure_of_a_month_computes(officer: Actor, month: MadeMonth) -> None:
    measure, computed = month.claims[1].measure, texts(make_catalogue(officer))
    assert {
        "报送率较上月",
        "培训人次较上月",
        "培训人次同比",
        "今年累计培训人次同比",
        "建会率同比",
    } <= computed.keys()
    assert computed == {
        "应报单位数": "3",
        "已报单位数": "2",
        "按时报送单位数": "1",
        "迟报单位数": "1",
        "未报单位数": "1",
        "退回单位数": "0",
        "采用单位数": "2",
        "报送率": "66.7%",
        "按时报送率": "33.3%",
        "迟报单位名单": "晚县",
        "未报单位名单": "无县",
        "退回单位名单": "无",
        "任务总数": "3",
        "已认领任务数": "3",
        "待认领任务数": "0",
        "异议任务数": "0",
        "到期任务数": "3",
        "已完成任务数": "1",
        "到期已完成任务数": "1",
        "到期未完成任务数": "2",
        "任务完成情况": "已完成1项",
        "到期任务完成情况": "已完成1项",
        "滞后任务数": "1",
        "任务认领率": "100.0%",
        "到期任务完成率": "33.3%",
        "平均进度": "80.0%",
        "平均序时进度": "100.0%",
        "慢于序时进度的工作": "素质提升",
        "督办依据": f"《{measure.plan.name}》{measure.code}",
        "滞后任务单位名单": "晚县",
        "月末集体合同数": "13份",
        "各单位平均建会率": "6.5%",
        "本月培训人次": "13人次",
        "累计培训人次": "13人次",
        "今年累计培训人次": "13人次",
        "迟报情况": "迟报1份（晚县）",
        "未报情况": "未报1份（无县）",
        "退回情况": "没有退回",
        "迟报单位全部名单": "晚县",
        "未报单位全部名单": "无县",
        "退回单位全部名单": "无",
        "滞后任务单位全部名单": "晚县",
        "滞后任务单位数": "1",
        "滞后任务较多单位": "晚县（1项）",
        "滞后任务最多单位": "晚县",
        "到期未完成任务单位名单": "晚县、无县",
        "到期未完成任务单位全部名单": "晚县、无县",
        "到期未完成任务单位数": "2",
        "到期未完成任务较多单位": "晚县（1项）、无县（1项）",
        "到期未完成任务最多单位": "晚县、无县",
        "到期未完成情况": "已到期未完成2项，涉及晚县（1项）、无县（1项）",
        "平均进度与序时进度相比": "低于序时进度20.0个百分点",
        **dict.fromkeys((name for name in computed if name.endswith(("较上月", "同比"))), "—"),
    }


def test_figures_of_a_round_compute(officer: Actor, month: MadeMonth, round_: Round) -> None:
    catalogue = queries.catalogue_for(officer, OCTOBER, round_=round_, as_of=WRITTEN)
    computed = texts(catalogue)
    assert computed["考核单位数"] == str(round_.scores.count()) == "3"
    best = round_.scores.order_by("-total_hundredths").first()
    assert computed["最高得分"] == f"{best.total_hundredths / 100:.2f}分"
    assert computed["平均得分"].endswith("分")
    assert set(catalogue.drawings) == {
        "table.parts",
        "table.lagging",
        "chart.tiles",
        "chart.parts",
        "table.rates",
        "table.scores",
        "chart.scores",
        "table.units",
        "chart.heat.county",
    }


def test_a_month_without_anything_has_counts_of_nothing_and_no_drawings(
    officer: Actor, month: MadeMonth
) -> None:
    catalogue = make_catalogue(officer, MONTH_WITHOUT_ANYTHING)
    computed = texts(catalogue)
    assert (computed["应报单位数"], computed["按时报送率"], computed["迟报单位名单"]) == ("0", ABSENT, "无")
    assert computed["本月培训人次"] == ABSENT
    assert not catalogue.drawings


def test_totals_run_from_january_or_the_rounds_first_month(
    officer: Actor, month: MadeMonth, round_: Round
) -> None:
    make_fact(month.early, month.trained, 100, month=Month(2026, 3))
    make_fact(month.early, month.trained, 1000, month=Month(2025, 12))
    assert make_catalogue(officer).produce("累计培训人次").text == "113人次"
    of_round = queries.catalogue_for(officer, OCTOBER, round_=round_, as_of=WRITTEN)
    assert of_round.produce("累计培训人次").text == "13人次"


def test_two_fields_of_one_name_are_two_figures(officer: Actor, month: MadeMonth) -> None:
    make_field("trained2", name="培训人次")
    make_field("odd", name="【怪】名")
    names = make_catalogue(officer).names
    assert {"本月培训人次", "本月培训人次（facts.trained2.month）", "本月［怪］名"} <= names


def test_a_unit_that_lags_twice_is_named_once(officer: Actor, month: MadeMonth) -> None:
    first = month.reports[1].task_lines.get()
    clause = first.claim.measure.clause
    other = make_claim(month.late, clause=clause, due_on=date(2026, 10, 31))
    month.reports[1].task_lines.create(claim=other, position=2, scheduled_percent=100, percent=10)
    produced = make_catalogue(officer).produce("滞后任务单位名单")
    assert (produced.text, produced.formula) == ("晚县", "共 1 个单位，2 条记录")
    assert len({record.label for record in produced.records}) == 2


def test_a_claim_without_its_own_deadline_is_due_with_its_plan(officer: Actor, month: MadeMonth) -> None:
    month.claims[2].due_on = None
    month.claims[2].save()
    assert make_catalogue(officer).produce("到期任务数").text == "2"


def test_a_unit_that_owes_two_reports_is_told_apart(officer: Actor, month: MadeMonth) -> None:
    open_period(OFFICER, make_form(make_field()).pk, month=OCTOBER, at=OPENED)
    owed = make_catalogue(officer).produce("应报单位数")
    assert owed.text == "6"
    assert "每张计一个" in owed.definition
    assert "早县《月度台账》" in {record.label for record in owed.records}


def test_records_say_what_they_said_then(officer: Actor, month: MadeMonth) -> None:
    catalogue = make_catalogue(officer)
    late, missing = (catalogue.produce(name).records[0] for name in ("迟报单位数", "未报单位数"))
    assert late.value == "截止日为2026年11月5日，2026年11月9日报出，迟报"
    assert missing.value == "截止日为2026年11月5日，未报出"
    assert (
        catalogue.produce("已完成任务数").records[0].value == "已认领，时限2026年10月31日，2026年10月31日完成"
    )


def test_the_tables_count_what_the_figures_count(officer: Actor, month: MadeMonth) -> None:
    drawn = make_catalogue(officer).draw("table.rates")
    assert isinstance(drawn.block, paper.Table)
    rows = [[paper.plain(cell) for cell in row] for row in drawn.block.rows]
    assert rows == [["县区", "3", "1", "1", "1", "0"], ["合计", "3", "1", "1", "1", "0"]]
    parts = make_catalogue(officer).draw("table.parts")
    assert isinstance(parts.block, paper.Table)
    assert [[paper.plain(cell) for cell in row] for row in parts.block.rows] == [
        ["素质提升", "2", "80.0%", "100.0%"]
    ]


def test_a_sketch_keeps_what_it_does_not_know(officer: Actor, month: MadeMonth) -> None:
    blocks = [
        {"kind": "paragraph", "text": "共【没有】项（【也没有】），应报【应报单位数】"},
        {"kind": "paragraph", "text": " "},
        {"kind": "table", "source": ""},
    ]
    draft = make_draft(officer, blocks=blocks)
    sketched = queries.sketch(draft, make_catalogue(officer), issued_on=date(2026, 11, 12))
    assert [paper.plain(block.parts) for block in sketched.paper.blocks] == [
        "共【没有】项（【也没有】），应报3"
    ]
    assert set(sketched.produced) == {"rates.owed"}
    assert queries.characters(sketched.paper) == len("共【没有】项（【也没有】），应报3")


def test_changed_figures_are_told_by_key(officer: Actor, month: MadeMonth) -> None:
    draft = make_draft(officer)
    day = date(2026, 11, 12)
    before = queries.sketch(draft, make_catalogue(officer), issued_on=day).paper
    make_fact(month.early, month.trained, 50)
    after = queries.sketch(draft, make_catalogue(officer), issued_on=day).paper
    assert queries.changed_figures(before, after) == [("facts.trained.month", "13人次", "58人次")]
    assert queries.changed_figures(before, before) == []


def test_composing_asks_the_database_a_bounded_number_of_times(
    officer: Actor, month: MadeMonth, django_assert_max_num_queries: Any
) -> None:
    draft = make_draft(officer)
    with django_assert_max_num_queries(25):
        queries.compose(draft, make_catalogue(officer), issued_on=date(2026, 11, 12))


def test_strangers_see_issued_briefings_only(
    officer: Actor, office_head: Actor, liaison: Actor, system_administrator: Actor, month: MadeMonth
) -> None:
    issued, draft = make_frozen(officer, office_head), make_draft(officer)
    assert set(queries.visible_to(officer)) == {issued, draft}
    assert set(queries.visible_to(liaison)) == {issued}
    assert not queries.visible_to(system_administrator).exists()
    assert queries.counts(officer) == {"issued": 1, "draft": 1}
    with pytest.raises(NotVisible):
        queries.briefing_for(liaison, draft.pk)
    with pytest.raises(NotVisible):
        queries.figure_for(liaison, issued.pk, "no.such.key")


# -- the way down


def flat(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(under for below in node.get("from", []) for under in flat(below))]


def test_a_figure_of_facts_goes_down_to_what_was_sent(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    figure = make_frozen(officer, office_head).figures.get(key="facts.trained.month")
    path = queries.figure_paths(figure)
    assert json.loads(json.dumps(path))["printed"] == "13人次"
    assert [record["value"] for record in path["records"]] == sorted(
        (record["value"] for record in path["records"]), key=int, reverse=True
    )
    (report,) = path["records"][0]["from"]
    sent = Submission.objects.get(report=int(report["id"]))
    assert (report["type"], report["accepted_by"]) == ("reporting.report", "办公室甲")
    assert [(node["digest"], node["sent_by"], node["outcome"]) for node in report["from"]] == [
        (sent.digest, "负责人丙", "accepted")
    ]


def test_counts_of_reports_and_tasks_go_down_too(
    officer: Actor, office_head: Actor, month: MadeMonth
) -> None:
    blocks = [{"kind": "paragraph", "text": "【未报单位数】【按时报送单位数】【已完成任务数】"}]
    issued = make_frozen(officer, office_head, blocks=blocks)
    paths = {figure.key: queries.figure_paths(figure) for figure in issued.figures.all()}
    assert paths["rates.missing"]["records"][0]["from"] == []
    kinds = {key: [node["type"] for node in flat(path["records"][0])] for key, path in paths.items()}
    assert kinds["rates.on_time"] == ["reporting.report", "reporting.submission"]
    assert kinds["tasks.completed"] == [
        "tasks.claim",
        "plans.measure",
        "reporting.report",
        "reporting.submission",
    ]


def test_a_score_goes_down_over_indicators_and_facts_to_what_was_sent(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round
) -> None:
    blocks = [*BLOCKS[:2], {"kind": "table", "source": "table.scores"}]
    issued = make_frozen(officer, office_head, blocks=blocks, round_id=round_.pk)
    path = queries.figure_paths(issued.figures.get(key=f"scores.{month.early.code}.total"))
    nodes = flat(path["records"][0])
    assert [node["type"] for node in nodes[:5]] == [
        "assessments.score",
        "assessments.leaf",
        "facts.fact",
        "reporting.report",
        "reporting.submission",
    ]
    assert all(node["sentence"] for node in nodes if node["type"] == "assessments.leaf")
    judged = next(node for node in nodes if node["type"] == "assessments.reviewedpoints")
    assert judged["accepted_by"] == officer.name


def test_the_way_down_is_read_in_one_go_for_each_kind(
    officer: Actor, office_head: Actor, month: MadeMonth, round_: Round, django_assert_max_num_queries: Any
) -> None:
    blocks = [*BLOCKS[:2], {"kind": "table", "source": "table.scores"}]
    issued = make_frozen(officer, office_head, blocks=blocks, round_id=round_.pk)
    figure = issued.figures.first()
    figure.records = [
        {"type": "assessments.score", "id": score.pk, "label": "", "value": "", "address": ""}
        for score in Score.objects.filter(round=round_)
    ]
    with django_assert_max_num_queries(7):
        queries.figure_paths(figure)


def test_a_record_opens_only_to_those_who_see_it(
    officer: Actor, office_head: Actor, liaison: Actor, leader: Actor, month: MadeMonth
) -> None:
    figure = make_frozen(officer, office_head).figures.get(key="rates.owed")
    assert queries.record_path(leader, figure, 1)["label"] == "早县"
    for actor, place in ((liaison, 1), (leader, 0), (leader, 4)):
        with pytest.raises(NotVisible):
            queries.record_path(actor, figure, place)
    assert queries.openable(liaison, figure.records) == set()
    assert len(queries.openable(leader, figure.records)) == 3
