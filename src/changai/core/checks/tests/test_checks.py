from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changai.core import checks
from changai.core.checks import (
    EVERY,
    KINDS,
    AgainstLedger,
    Compare,
    Entry,
    Finding,
    Jump,
    Kind,
    Known,
    Ledger,
    NeverFalls,
    OwnHistory,
    PartOfWhole,
    Peers,
    Present,
    Range,
    RatioBounds,
    Reading,
    RollUp,
    Row,
    Rule,
    Severity,
    Sheet,
)
from changai.core.periods import Month

D = Decimal
OCTOBER = Month(2026, 10)
NAMES = {"due": "应签", "signed": "已签", "men": "男", "women": "女", "all": "总数"}


def sheet(*, past: dict[str, list[int]] | None = None, **values: object) -> Sheet:
    figures = {
        code: value
        if isinstance(value, Reading)
        else Reading(NAMES.get(code, code), None if value is None else D(str(value)))
        for code, value in values.items()
    }
    months = max((len(run) for run in (past or {}).values()), default=0)
    rows = tuple(
        Row(
            (month := OCTOBER.plus(place - months)).label,
            {code: D(run[place]) for code, run in (past or {}).items()},
            month,
        )
        for place in range(months)
    )
    return Sheet(figures, OCTOBER, rows)


def rule(kind: Kind, severity: Severity = Severity.BLOCK, **named: object) -> Rule:
    return Rule("R1", "规则", severity, kind, **{"origin": "测试"} | named)  # type: ignore[arg-type]


def found(kind: Kind, on: Sheet) -> list[str]:
    return [finding.sentence for finding in checks.findings([rule(kind)], on)]


# --- kinds ---


@pytest.mark.parametrize(
    ("kind", "good", "bad", "words"),
    [
        (Range("all", least=D(0)), {"all": 0}, {"all": -1}, "“总数”不应小于 0，现为 -1，请核对。"),
        (Range("all", most=D(9)), {"all": 9}, {"all": 10}, "不应大于 9"),
        (Range("all", decimals=0), {"all": 3}, {"all": "3.5"}, "应为整数，现为 3.5"),
        (Range("all", decimals=1), {"all": "3.5"}, {"all": "3.55"}, "最多保留 1 位小数"),
        (
            PartOfWhole("signed", "due"),
            {"signed": 5, "due": 5},
            {"signed": 7, "due": 5},
            "“已签”为 7，不应大于“应签” 5，多出 2，请核对。",
        ),
        (
            Compare(("men", "women"), "=", ("all",)),
            {"men": 3, "women": 4, "all": 7},
            {"men": 3, "women": 4, "all": 8},
            "“男”＋“女”之和为 7，应等于“总数” 8，相差 1",
        ),
        (Compare(("men",), "<=", ("all",)), {"men": 3, "all": 3}, {"men": 4, "all": 3}, "不应大于"),
        (Compare(("men",), "<", ("all",)), {"men": 2, "all": 3}, {"men": 3, "all": 3}, "应小于"),
        (Compare(("men",), ">=", ("all",)), {"men": 3, "all": 3}, {"men": 2, "all": 3}, "不应小于"),
        (Compare(("men",), ">", ("all",)), {"men": 4, "all": 3}, {"men": 3, "all": 3}, "应大于"),
        (
            RatioBounds("signed", "due", most_percent=D(100)),
            {"signed": 5, "due": 5},
            {"signed": 6, "due": 5},
            "之比为 120%，不应高于 100%",
        ),
        (
            RatioBounds("signed", "due", least_percent=D(50)),
            {"signed": 3, "due": 6},
            {"signed": 2, "due": 6},
            "之比为 33.3%，不应低于 50%",
        ),
        (Present("all"), {"all": 0}, {"all": None}, "“总数”未填写"),
    ],
)
def test_kinds_on_one_sheet(kind: Kind, good: dict, bad: dict, words: str) -> None:  # type: ignore[type-arg]
    assert found(kind, sheet(**good)) == []
    assert words in found(kind, sheet(**bad))[0]


def test_a_base_of_zero_is_no_division() -> None:
    assert found(RatioBounds("signed", "due", most_percent=D(100)), sheet(signed=0, due=0)) == []
    told = found(RatioBounds("signed", "due", most_percent=D(100)), sheet(signed=1, due=0))
    assert "无法计算（分母为 0）" in told[0]
    assert found(RatioBounds("signed", "due", least_percent=D(50)), sheet(signed=1, due=0)) == []


def test_rounded_figures_may_miss_their_sum_by_half_a_place_each() -> None:
    def money(value: str) -> Reading:
        return Reading("万元", D(value), decimals=1)

    thirds = {"men": money("3.3"), "women": money("3.3")}
    kind = Compare(("men", "women"), "=", ("all",))
    assert found(kind, sheet(**thirds, all=money("6.7"))) == []
    assert found(kind, sheet(**thirds, all=money("6.8"))) != []


def test_a_cumulative_figure_never_falls_but_begins_anew_with_the_year() -> None:
    kind = NeverFalls("all")
    assert found(kind, sheet(past={"all": [5, 9]}, all=9)) == []
    assert "2026年9月为 9，本期为 8，减少 1" in found(kind, sheet(past={"all": [5, 9]}, all=8))[0]
    january = replace(sheet(past={"all": [9]}, all=1), month=Month(2027, 1))
    assert found(kind, january) == []
    assert found(NeverFalls("all", within_year=False), january) != []


def test_jumps_are_told_from_the_last_value_there_is() -> None:
    kind = Jump("all", D(5), least_change=D(10))
    assert found(kind, sheet(past={"all": [10]}, all=50)) == []
    assert "由2026年9月的 10 变为 51，变动超过 5 倍" in found(kind, sheet(past={"all": [10]}, all=51))[0]
    assert found(kind, sheet(past={"all": [60]}, all=11)) != []
    assert found(kind, sheet(past={"all": [1]}, all=8)) == []
    assert found(kind, sheet(past={"all": [0]}, all=500)) == []
    assert found(kind, sheet(all=500)) == []


def test_outliers_need_history_or_peers_enough() -> None:
    usual = [100, 104, 98, 101, 103, 99, 97, 102]
    own = OwnHistory("all")
    assert found(own, sheet(past={"all": usual}, all=105)) == []
    assert found(own, sheet(past={"all": usual[1:]}, all=900)) == []
    assert "前 8 期一般在 100.5 左右" in found(own, sheet(past={"all": usual}, all=160))[0]

    def among(count: int, value: int) -> Sheet:
        peers = tuple(Row(f"县{place}", {"signed": D(50 + place), "due": D(100)}) for place in range(count))
        return replace(sheet(signed=value, due=100), peers=peers)

    kind = Peers("signed", base="due")
    assert found(kind, among(8, 55)) == []
    assert found(kind, among(7, 5)) == []
    assert "8 个同类单位与“应签”之比的中位数为 0.535，本单位为 0.05" in found(kind, among(8, 5))[0]
    assert found(Peers("signed"), among(8, 5)) != []
    assert (
        found(kind, replace(among(8, 5), figures={"signed": Reading("a", D(5)), "due": Reading("b", D(0))}))
        == []
    )


def test_a_roll_up_names_its_parts_and_waits_for_all_of_them() -> None:
    below = (Row("甲镇", {"all": D(3)}), Row("乙镇", {"all": D(4)}))
    kind = RollUp("all", "below")
    assert found(kind, replace(sheet(all=7), below=below)) == []
    broken = checks.findings([rule(kind)], replace(sheet(all=8), below=below))
    assert broken[0].sentence == "“总数”为 8，2 个下级单位合计 7，相差 1，请核对。"
    assert [entry.name for entry in broken[0].entries] == ["甲镇", "乙镇"]
    waiting = (*below, Row("丙镇", {}))
    assert found(kind, replace(sheet(all=8), below=waiting)) == []
    assert found(kind, sheet(all=8)) == []
    rows = Reading("总数", D(8), parts=(("男", D(4)), ("女", D(3))))
    assert "2 个分项合计 7" in found(RollUp("all", "parts"), sheet(all=rows))[0]


def test_a_ledger_names_the_rows_that_make_the_difference() -> None:
    kind = AgainstLedger("all", "training.persons")
    ledger = Ledger(
        D(405),
        counted=(Entry("焊工班", D(205)), Entry("电工班", D(200))),
        left_out=(Entry("叉车班", D(7), "已作废", "/x/7/"), Entry("夜班", D(30), "结业在11月")),
    )

    def against(value: int) -> Sheet:
        return sheet(all=Reading("培训人次", D(value), ledgers={"training.persons": ledger}))

    assert found(kind, against(405)) == []
    broken = checks.findings([rule(kind)], against(412))[0]
    assert broken.sentence == "“培训人次”月报为 412，台账为 405，差 7，可能是叉车班 7（已作废），请核对。"
    assert [entry.address for entry in broken.entries] == ["/x/7/"]
    assert [entry.name for entry in checks.findings([rule(kind)], against(205))[0].entries] == ["电工班"]
    assert len(checks.findings([rule(kind)], against(500))[0].entries) == 2
    assert checks.findings([rule(kind)], against(404))[0].entries == ()
    assert found(kind, sheet(all=9)) == []


# --- rules ---


def test_an_explanation_lets_what_asks_for_one_pass_and_nothing_else() -> None:
    def with_remark(remark: str, severity: Severity) -> Finding:
        on = sheet(all=Reading("总数", D(-1), remark=remark))
        return checks.findings([rule(Range("all", least=D(0)), severity)], on)[0]

    assert with_remark("", Severity.EXPLAIN).is_open
    for nothing in ("无", "/", "——", "没有", "。。"):
        assert with_remark(nothing, Severity.EXPLAIN).is_open
    explained = with_remark("冲减上月多报", Severity.EXPLAIN)
    assert not explained.is_open
    assert explained.explanation == "冲减上月多报"
    assert with_remark("冲减上月多报", Severity.BLOCK).is_open
    assert not with_remark("", Severity.NOTE).is_open


def test_findings_come_blocks_first_then_in_the_order_of_the_sheet() -> None:
    rules = [
        rule(Range("signed", least=D(0)), Severity.NOTE),
        rule(Range("due", least=D(0)), Severity.EXPLAIN),
        rule(Range("all", least=D(0)), Severity.BLOCK),
    ]
    on = sheet(signed=-1, due=-1, all=-1)
    assert [finding.figure for finding in checks.findings(rules, on)] == ["all", "due", "signed"]


def test_rules_hold_from_their_first_day_until_before_their_last() -> None:
    kept = rule(Range("all", least=D(0)), valid_from=date(2026, 10, 31), valid_to=date(2026, 11, 30))
    on = sheet(all=-1)
    assert checks.findings([kept], on)
    assert checks.findings([kept], replace(on, month=Month(2026, 9))) == ()
    assert checks.findings([kept], replace(on, month=Month(2026, 11))) == ()


def test_a_rule_for_every_figure_reads_the_typed_ones() -> None:
    on = sheet(signed=None, due=None, all=Reading("总数", None, is_typed=False))
    assert [one.figure for one in checks.findings([rule(Present(EVERY))], on)] == ["signed", "due"]


def test_a_rule_that_reads_what_the_sheet_does_not_ask_finds_nothing() -> None:
    assert found(PartOfWhole("signed", "due"), sheet(signed=5)) == []
    assert found(Present("due"), sheet(signed=5)) == []


def test_sentences_take_only_the_names_they_are_given() -> None:
    assert checks.told("{甲}和{甲.__class__}{乙}", {"甲": "1"}) == "1和{甲.__class__}{乙}"
    own = rule(PartOfWhole("signed", "due"), sentence="{部分}多了 {差}")
    assert checks.findings([own], sheet(signed=7, due=5))[0].sentence == "已签多了 2"


# --- properties ---

VALUES = st.one_of(st.none(), st.decimals(-1000, 1000, places=2))
CODES = ("due", "signed", "men", "women", "all")
EVERY_KIND: tuple[Kind, ...] = (
    Range("all", least=D(0), most=D(500), decimals=0),
    PartOfWhole("signed", "due"),
    Compare(("men", "women"), "=", ("all",)),
    RatioBounds("signed", "due", least_percent=D(10), most_percent=D(100)),
    RollUp("all", "below"),
    RollUp("all", "parts"),
    AgainstLedger("all", "x"),
    NeverFalls("due", within_year=False),
    Jump(EVERY, D(3)),
    OwnHistory("due"),
    Peers("signed", base="due"),
    Present(EVERY),
)


def test_every_kind_is_tried() -> None:
    assert {type(kind) for kind in EVERY_KIND} == set(KINDS.values())


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    rows = st.builds(Row, st.just("别处"), st.dictionaries(st.sampled_from(CODES), VALUES))
    runs = st.lists(rows, max_size=10).map(tuple)
    figures = {
        code: Reading(
            code,
            draw(VALUES),
            parts=tuple(draw(st.lists(st.tuples(st.just("项"), VALUES), max_size=2))),
            ledgers=draw(st.sampled_from(({}, {"x": Ledger(D(5), left_out=(Entry("行", D(1)),))}))),
        )
        for code in draw(st.lists(st.sampled_from(CODES), unique=True))
    }
    return Sheet(figures, OCTOBER, draw(runs), draw(runs), draw(runs))


def rules_of_every_kind() -> list[Rule]:
    severities = list(Severity)
    return [
        replace(rule(kind, severities[place % 3]), code=f"R{place}") for place, kind in enumerate(EVERY_KIND)
    ]


@settings(max_examples=40)
@given(sheets(), st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_matter_and_nothing_raises(on: Sheet, random: Random) -> None:
    rules = rules_of_every_kind()
    mixed = random.sample(rules, len(rules))
    assert checks.findings(rules, on) == checks.findings(mixed, on)


@settings(max_examples=40)
@given(sheets())
def test_only_presence_speaks_of_absent_values(on: Sheet) -> None:
    for finding in checks.findings(rules_of_every_kind(), on):
        is_absent = on.value(finding.figure) is None
        assert isinstance(finding.rule.kind, Present) == is_absent


@given(
    men=st.integers(0, 10**6),
    women=st.integers(0, 10**6),
    signed=st.integers(0, 10**6),
    more=st.integers(0, 10**6),
    grown=st.integers(0, 100),
    townships=st.lists(st.integers(0, 1000), min_size=1),
)
def test_a_sheet_that_satisfies_the_identities_passes(
    men: int, women: int, signed: int, more: int, grown: int, townships: list[int]
) -> None:
    rules = [
        rule(kind)
        for kind in (
            Compare(("men", "women"), "=", ("all",)),
            Compare(("all",), ">=", ("men",)),
            PartOfWhole("signed", "due"),
            RatioBounds("signed", "due", most_percent=D(100)),
            NeverFalls("due"),
            RollUp("town", "below"),
            Present(EVERY),
        )
    ]
    good = sheet(
        past={"due": [signed]},
        men=men, women=women, all=men + women, signed=signed, due=signed + more + grown, town=sum(townships),
    )  # fmt: skip
    below = tuple(Row("镇", {"town": D(value)}) for value in townships)
    assert checks.findings(rules, replace(good, below=below)) == ()


# --- what is wrong with a rule ---

DICTIONARY = {
    "due": Known("应签", "家"),
    "signed": Known("已签", "家"),
    "all": Known("总数", "家"),
    "money": Known("投入", "万元"),
    "yuan": Known("补贴", "元"),
    "men": Known("取证人数", "人"),
    "times": Known("培训人次", "人次"),
}
PASSES = {"part": "5", "whole": "8"}
FAILS = {"part": "9", "whole": "8"}
SOUND = rule(PartOfWhole("signed", "due"), passes=PASSES, fails=FAILS)


def faults(changed: Rule) -> str:
    return "".join(checks.faults_of(changed, DICTIONARY))


def test_a_sound_rule_has_no_fault() -> None:
    assert checks.faults_of(SOUND, DICTIONARY) == ()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (replace(SOUND, name=" "), "请填写规则名称"),
        (replace(SOUND, origin=""), "依据"),
        (replace(SOUND, sentence="{部分}{总数}"), "“{总数}”无法代入，可用的有：{部分}、"),
        (replace(SOUND, sentence="{部分"), "花括号不成对"),
        (replace(SOUND, sentence="长" * 201), "最多 200 字"),
        (replace(SOUND, valid_from=date(2026, 2, 1), valid_to=date(2026, 2, 1)), "停用日期"),
        (replace(SOUND, kind=PartOfWhole("signed", "gone")), "数据项目录中没有：gone"),
        (replace(SOUND, kind=PartOfWhole("signed", "")), "请选择数据项"),
        (replace(SOUND, kind=PartOfWhole("signed", "signed")), "同一个数据项"),
        (replace(SOUND, kind=PartOfWhole("yuan", "money")), "计量单位不同"),
        (replace(SOUND, kind=PartOfWhole("times", "men")), "计量单位不同"),
        (replace(SOUND, kind=Compare(("men",), "=", ("times",))), "计量单位不同"),
        (replace(SOUND, kind=Compare(("due", "signed"), "=", ("due",))), "合计不能包含自己"),
        (replace(SOUND, kind=Compare((), "=", ())), "两边都要选"),
        (replace(SOUND, kind=Compare(("due",), "?", ("signed",), D(-1))), "允许误差不能小于 0"),
        (replace(SOUND, kind=Range("due")), "至少填写一个界限"),
        (replace(SOUND, kind=Range("due", decimals=999)), "小数位应在 0 到 6 之间"),
        (replace(SOUND, kind=Range("due", D(5), D(4))), "下限不能大于上限"),
        (replace(SOUND, kind=RatioBounds("due", "due")), "分子和分母"),
        (replace(SOUND, kind=RatioBounds("due", "all", D(5), D(4))), "下限不能大于上限"),
        (replace(SOUND, kind=Jump("due", D(1), D(-1))), "倍数应大于 1"),
        (replace(SOUND, kind=OwnHistory("due", D(1), 3)), "至少要有 8 期"),
        (replace(SOUND, kind=Peers("due", "due", D(1), 3)), "至少要有 8 个同类单位"),
        (replace(SOUND, kind=RollUp("due", "", D(-1))), "由什么合计"),
        (replace(SOUND, kind=AgainstLedger("due", "", D(-1))), "哪本台账"),
        (replace(SOUND, fails=PASSES), "没有查出问题"),
        (replace(SOUND, passes=FAILS), "被查出了问题"),
        (replace(SOUND, fails={"part": "多"}), "应查出的检验值“多”不是数字"),
        (replace(SOUND, fails={"part": "1e99"}), "超出可填范围"),
    ],
)
def test_each_fault_of_a_rule_is_told(changed: Rule, words: str) -> None:
    assert words in faults(changed)


def test_fewer_certified_than_attended_may_be_compared() -> None:
    passes, fails = {"part": "1", "whole": "2"}, {"part": "3", "whole": "2"}
    assert faults(replace(SOUND, kind=PartOfWhole("men", "times"), passes=passes, fails=fails)) == ""


CASES: tuple[tuple[Kind, dict[str, str], dict[str, str]], ...] = (
    (
        Compare(("due", "signed"), "=", ("all",)),
        {"left": "3 4", "right": "7"},
        {"left": "3，4", "right": "8"},
    ),
    (Range("all", least=D(0)), {"value": "0"}, {"value": "-1"}),
    (Present(EVERY), {"value": "0"}, {}),
    (NeverFalls("all"), {"last": "5", "value": "5"}, {"last": "5", "value": "4"}),
    (Jump(EVERY, D(3)), {"last": "5", "value": "15"}, {"last": "5", "value": "16"}),
    (
        RollUp("all", "below"),
        {"value": "6", "parts": "1 2 3"},
        {"value": "7", "parts": "1，2、3"},
    ),
    (RollUp("all", "parts"), {"value": "3", "parts": "1,2"}, {"value": "4", "parts": "1,2"}),
    (AgainstLedger("all", "x"), {"value": "1", "ledger": "1"}, {"value": "2", "ledger": "1"}),
    (
        OwnHistory("all"),
        {"past": "9 10 11 9 10 11 9 10", "value": "10"},
        {"past": "9 10 11 9 10 11 9 10", "value": "90"},
    ),
    (
        Peers("all", base="due"),
        {
            "value": "5", "base": "10", "peers": "5 6 4 5 6 4 5 6",
            "peer_bases": "10 10 10 10 10 10 10 10",
        },
        {
            "value": "5", "base": "1", "peers": "5 6 4 5 6 4 5 6",
            "peer_bases": "10 10 10 10 10 10 10 10",
        },
    ),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "passes", "fails"), CASES)
def test_test_values_make_sheets(kind: Kind, passes: dict[str, str], fails: dict[str, str]) -> None:
    assert faults(replace(SOUND, kind=kind, passes=passes, fails=fails)) == ""


def test_totals_that_go_in_circles_are_found() -> None:
    def total(*parts: str, of: str) -> Rule:
        return rule(Compare(parts, "=", (of,)))

    assert checks.circles([total("a", "b", of="c"), total("c", "d", of="e")]) == ()
    assert checks.circles([total("a", "b", of="c"), rule(Compare(("a",), "=", ("c", "d")))]) != ()
    assert checks.circles([total("a", "b", of="c"), total("c", "d", of="a")]) == (
        ("a", "c", "a"),
        ("c", "a", "c"),
    )
    assert checks.circles([total("a", "b", of="c"), rule(Compare(("c",), "<=", ("a",)))]) == ()


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_kinds_are_kept_as_json(kind: Kind) -> None:
    assert checks.kind_from(kind.code, checks.as_json(kind)) == kind


def test_what_is_no_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        checks.kind_from("formula", {})
    for wrong in (
        {},
        {"figure": "a", "factor": "x"},
        {"figure": "a", "factor": "NaN"},
        {"figure": "a", "factor": ""},
    ):
        with pytest.raises(ValueError, match="no "):
            checks.kind_from("jump", wrong)
