"""Writing a draft: begun, adopted from the office's own table, written by two people, undone, fixed once issued."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.schemes.actions import (
    Indicator,
    Named,
    add_indicator,
    add_table,
    adopt_file,
    discard_draft,
    drop_indicator,
    drop_table,
    issue_scheme,
    move_indicator,
    put_item,
    rename_scheme,
    start_scheme,
    take_out_item,
    undo_step,
    weigh_indicators,
    write_indicator,
)
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries import issue_faults, scheme_of
from changai.areas.schemes.rules.marks import mark_of
from changai.areas.schemes.rules.tree import node_at
from changai.areas.schemes.tests.make import make_dictionary, make_draft, make_issued
from changai.areas.schemes.tests.office import TITLE, office_workbook
from changai.core import scoring
from changai.core.errors import Invalid, NotAllowed, RecordMoved
from changai.foundation.actors import Actor

pytestmark = pytest.mark.django_db
NAMED = Named("测试体系", 2026, "1.0")


@pytest.fixture(autouse=True)
def dictionary() -> None:
    make_dictionary()


def table_of(version: SchemeVersion) -> scoring.Table:
    return next(iter(scheme_of(version).tables.values()))


def seen(version: SchemeVersion, code: str) -> str:
    version.refresh_from_db()
    table = table_of(version)
    return mark_of(node_at(table, code), version.waiting.get(table.category, {}).get(code))


def entry(points: int = 60, **changed: object) -> Indicator:
    texts = {"name": "培训任务完成率", "wording": "按完成率得分"}
    given: dict[str, object] = {
        "points": Fraction(points), "texts": texts, "sentence": "按完成率得分，100%得满分",
        "figures": "技能培训人次/培训任务数",
    }  # fmt: skip
    return Indicator(**given | changed)  # type: ignore[arg-type]


def adopted(officer: Actor) -> SchemeVersion:
    named = Named(TITLE, 2026, "1.0")
    return adopt_file(
        officer, named, category="县区", file_name="考核表.xlsx", content=office_workbook(), at=MOMENT
    )


def test_the_office_s_table_becomes_a_draft_whose_sentences_wait(officer: Actor, office_head: Actor) -> None:
    draft = adopted(officer)
    table = table_of(draft)
    assert [(leaf.code, leaf.name, leaf.rule) for leaf in table.leaves] == [
        ("1.1.1", "月报及时性", None), ("2.1.1", "培训任务完成率", None), ("2.1.2", "培训效果", None),
    ]  # fmt: skip
    assert draft.waiting_count == 3
    assert draft.waiting["县区"]["2.1.1"]["sentence"] == "按完成率得分，100%得满分"
    assert draft.waiting["县区"]["1.1.1"]["place"] == "Sheet 第 4 行 F 列"
    with pytest.raises(Invalid) as refused:
        issue_scheme(office_head, draft.pk, version=draft.version, at=MOMENT)
    assert sum("尚未经人确认" in fault for fault in refused.value.faults) == 3


def test_each_sentence_is_confirmed_by_a_person_and_then_it_can_be_issued(
    officer: Actor, office_head: Actor
) -> None:
    draft = adopted(officer)
    given = {
        "1.1.1": ("每有一次扣1分，扣完为止", "月报迟报次数", 30),
        "2.1.1": ("按完成率得分，100%得满分", "技能培训人次/培训任务数", 60),
        "2.1.2": ("在0至10分内核定", "", 10),
    }
    for code, (sentence, figures, points) in given.items():
        texts = {"name": node_at(table_of(draft), code).name}
        written = entry(points, texts=texts, sentence=sentence, figures=figures)
        draft = write_indicator(officer, draft.pk, 0, code, written, seen=seen(draft, code), at=MOMENT)
    assert (draft.waiting_count, issue_faults(draft)) == (0, [])
    leaf = node_at(table_of(draft), "2.1.2")
    assert leaf.rule == scoring.Reviewed("judged_2_1_2", Fraction(0), Fraction(10))
    issued = issue_scheme(office_head, draft.pk, version=draft.version, at=MOMENT)
    assert (issued.status, issued.issue_number, issued.effective_from) == ("issued", 1, date(2026, 1, 1))


def test_saving_without_confirming_keeps_it_waiting(officer: Actor) -> None:
    draft = adopted(officer)
    written = entry(is_confirmed=False)
    draft = write_indicator(officer, draft.pk, 0, "2.1.1", written, seen=seen(draft, "2.1.1"), at=MOMENT)
    assert draft.waiting["县区"]["2.1.1"]["figures"] == "技能培训人次/培训任务数"
    assert node_at(table_of(draft), "2.1.1").rule is None


def test_every_fault_of_the_file_is_told_with_its_place(officer: Actor) -> None:
    content = office_workbook(spoilt={"E4": "三十", "E6": "若干", "F5": "=1/0"})
    with pytest.raises(Invalid) as refused:
        adopt_file(officer, NAMED, category="县区", file_name="表.xlsx", content=content, at=MOMENT)
    told = " ".join(refused.value.faults)
    assert "第 4 行 E 列" in told
    assert "第 6 行 E 列" in told
    assert "F5" in told
    assert not SchemeVersion.objects.exists()


def test_two_people_write_two_indicators_and_neither_is_lost(officer: Actor, office_head: Actor) -> None:
    draft = make_draft(officer)
    first, second = seen(draft, "1.1"), seen(draft, "2")
    write_indicator(officer, draft.pk, 0, "1.1", entry(50), seen=first, at=MOMENT)
    judged = entry(20, texts={"name": "典型经验"}, sentence="由考核组核定", figures="")
    draft = write_indicator(office_head, draft.pk, 0, "2", judged, seen=second, at=MOMENT)
    assert [node_at(table_of(draft), code).points for code in ("1.1", "2")] == [50, 20]


def test_two_people_at_one_indicator_are_told_of_each_other(officer: Actor, office_head: Actor) -> None:
    draft = make_draft(officer)
    mark = seen(draft, "1.1")
    write_indicator(officer, draft.pk, 0, "1.1", entry(50), seen=mark, at=MOMENT)
    with pytest.raises(RecordMoved, match=f"{officer.name}已于"):
        write_indicator(office_head, draft.pk, 0, "1.1", entry(40), seen=mark, at=MOMENT)
    draft.refresh_from_db()
    assert node_at(table_of(draft), "1.1").points == 50


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sentence": "看着给分"}, "不认识的评分规则"),
        ({"sentence": ""}, "计分句式"),
        ({"figures": ""}, "数据项"),
        ({"figures": "技能培训人次"}, None),
        ({"texts": {"name": " "}}, "指标名称"),
    ],
)
def test_what_cannot_be_a_rule_is_told_in_a_sentence(
    officer: Actor, changed: dict[str, object], said: str | None
) -> None:
    draft = make_draft(officer)
    written, mark = entry(**changed), seen(draft, "1.1")
    if said is None:
        saved = write_indicator(officer, draft.pk, 0, "1.1", written, seen=mark, at=MOMENT)
        assert node_at(table_of(saved), "1.1").rule is not None
        return
    with pytest.raises(Invalid, match=said):
        write_indicator(officer, draft.pk, 0, "1.1", written, seen=mark, at=MOMENT)


def test_points_that_do_not_add_up_are_kept_in_a_draft_and_stop_its_issue(
    officer: Actor, office_head: Actor
) -> None:
    draft = make_draft(officer)
    draft = weigh_indicators(
        officer, draft.pk, 0, {"1.1": Fraction(55), "1.2": Fraction(30)}, version=1, at=MOMENT
    )
    with pytest.raises(Invalid) as refused:
        issue_scheme(office_head, draft.pk, version=draft.version, at=MOMENT)
    assert any("下级分值合计 85 分，应为 90 分" in fault for fault in refused.value.faults)
    with pytest.raises(Invalid, match="没有变化"):
        weigh_indicators(officer, draft.pk, 0, {"1.1": Fraction(55)}, version=2, at=MOMENT)
    with pytest.raises(RecordMoved):
        weigh_indicators(officer, draft.pk, 0, {"1.1": Fraction(60)}, version=1, at=MOMENT)


def test_the_tree_is_arranged_and_every_step_can_be_taken_back(officer: Actor) -> None:
    draft = make_draft(officer)
    before = draft.digest
    code = add_indicator(officer, draft.pk, 0, parent="1", name="新指标", version=1, at=MOMENT)
    assert code == "1.3"
    move_indicator(officer, draft.pk, 0, "1.3", step=-2, version=2, at=MOMENT)
    draft.refresh_from_db()
    assert table_of(draft).nodes[0].children[0].name == "新指标"
    move_indicator(officer, draft.pk, 0, "1.1", below="", version=3, at=MOMENT)
    drop_indicator(officer, draft.pk, 0, "3", version=4, at=MOMENT)
    draft.refresh_from_db()
    assert [leaf.name for leaf in table_of(draft).leaves] == ["培训任务完成率", "月报及时性", "典型经验"]
    for version in range(5, 9):
        undo_step(officer, draft.pk, version=version, at=MOMENT)
    draft.refresh_from_db()
    assert draft.digest == before
    with pytest.raises(Invalid, match="没有可以撤销"):
        undo_step(officer, draft.pk, version=9, at=MOMENT)


def test_writing_on_at_one_place_is_one_step(officer: Actor) -> None:
    draft = make_draft(officer)
    for minute, points in enumerate((50, 51, 52)):
        at = MOMENT + timedelta(minutes=minute)
        write_indicator(officer, draft.pk, 0, "1.1", entry(points), seen=seen(draft, "1.1"), at=at)
    assert draft.steps.count() == 1
    undo_step(officer, draft.pk, version=4, at=MOMENT)
    draft.refresh_from_db()
    assert node_at(table_of(draft), "1.1").points == 60


def test_items_beside_the_hundred_and_tables_come_and_go(officer: Actor) -> None:
    draft = make_draft(officer)
    bonus = scoring.Bonus("", "表彰", Fraction(2), scoring.Reviewed("judged_B1"))
    put_item(officer, draft.pk, 0, bonus, version=1, at=MOMENT)
    put_item(
        officer, draft.pk, 0, scoring.Bonus("B1", "省级表彰", Fraction(3), bonus.rule), replaces="B1", version=2,
        at=MOMENT,
    )  # fmt: skip
    draft.refresh_from_db()
    assert [(each.code, each.name, each.cap) for each in table_of(draft).bonus] == [("B1", "省级表彰", 3)]
    assert add_table(officer, draft.pk, category="直属企业", copied=0, version=3, at=MOMENT) == 1
    with pytest.raises(Invalid, match="已经有"):
        add_table(officer, draft.pk, category="县区", copied=None, version=4, at=MOMENT)
    take_out_item(officer, draft.pk, 1, "B1", version=4, at=MOMENT)
    drop_table(officer, draft.pk, 0, version=5, at=MOMENT)
    draft.refresh_from_db()
    assert list(scheme_of(draft).tables) == ["直属企业"]
    assert table_of(draft).bonus == ()
    with pytest.raises(Invalid, match="至少"):
        drop_table(officer, draft.pk, 0, version=6, at=MOMENT)


def test_a_new_version_begins_from_an_issued_one_and_supersedes_it(
    officer: Actor, office_head: Actor
) -> None:
    issued = make_issued(officer, office_head)
    copy = start_scheme(officer, Named(issued.name, 2026, "1.1"), copied=issued.pk, at=MOMENT)
    assert (copy.made_from_id, copy.status) == (issued.pk, "draft")
    with pytest.raises(RecordMoved, match=r"已有 1\.1 版"):
        start_scheme(officer, Named(issued.name, 2026, "1.1"), copied=issued.pk, at=MOMENT)
    later = MOMENT + timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        issue_scheme(
            office_head,
            copy.pk,
            version=1,
            effective_from=date(2026, 7, 1),
            effective_to=date(2026, 6, 1),
            at=later,
        )
    assert "截止日期早于施行日期" in refused.value.faults[0]
    copy = issue_scheme(office_head, copy.pk, version=1, effective_from=date(2026, 12, 1), at=later)
    issued.refresh_from_db()
    assert (issued.status, copy.issue_number, copy.effective_from) == ("superseded", 2, date(2026, 12, 1))


def test_an_issued_version_is_fixed_by_actions_and_by_the_database(
    officer: Actor, office_head: Actor
) -> None:
    issued = make_issued(officer, office_head)
    for act in (
        lambda: weigh_indicators(officer, issued.pk, 0, {"2": Fraction(9)}, version=2, at=MOMENT),
        lambda: undo_step(officer, issued.pk, version=2, at=MOMENT),
        lambda: discard_draft(officer, issued.pk, version=2, at=MOMENT),
        lambda: rename_scheme(officer, issued.pk, name="别名", year=2026, label="9", version=2, at=MOMENT),
    ):
        with pytest.raises(RecordMoved, match="已印发，不能再修改"):
            act()
    rows = SchemeVersion.objects.filter(pk=issued.pk)
    for change in ({"digest": "0" * 64}, {"content": {}}, {"status": "draft"}, {"issue_number": 7}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM scheme_version WHERE id = %s", [issued.pk])


def test_a_draft_is_given_up_and_units_cannot_write(officer: Actor, liaison: Actor) -> None:
    draft = make_draft(officer)
    with pytest.raises(NotAllowed):
        start_scheme(liaison, NAMED, at=MOMENT)
    assert discard_draft(officer, draft.pk, version=1, at=MOMENT) == "测试指标体系 1.0"
    assert not SchemeVersion.objects.exists()
