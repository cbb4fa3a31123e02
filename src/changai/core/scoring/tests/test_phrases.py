"""Rules written back as sentences, shown on examples, and proposed from free sentences."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changai.core.scoring.examples import examples
from changai.core.scoring.measures import Difference, Growth, Measure, Ratio, Value
from changai.core.scoring.phrases import phrase
from changai.core.scoring.proposals import propose
from changai.core.scoring.rules import Escalating, Linear, PerItem, Rule, Sum, Tiers
from changai.core.scoring.wordings import WORDINGS, Figures, UnknownWording, parse_figures, read_wording

FIVE = Fraction(5)
FIGURES = (Figures(("a", "b"), is_ratio=True), Figures(("a",)), Figures(("a", "b")))


def known_rules(points: Fraction) -> list[Rule]:
    found = []
    for wording in WORDINGS:
        for figures in FIGURES:
            try:
                found.append(read_wording(wording.example, figures, points))
            except UnknownWording:
                continue
    return found


@pytest.mark.parametrize("rule", known_rules(FIVE), ids=lambda rule: type(rule).__name__)
def test_every_rule_of_the_closed_set_is_written_back_as_a_sentence(rule: Rule) -> None:
    told = phrase(rule, FIVE)
    assert told is not None
    assert read_wording(told.sentence, parse_figures(told.cell), FIVE) == rule


def test_every_wording_has_an_example_the_offices_can_copy() -> None:
    assert len({type(rule) for rule in known_rules(FIVE)}) >= 12
    for wording in WORDINGS:
        assert any(_reads(wording.example, figures) for figures in FIGURES), wording.example


def _reads(sentence: str, figures: Figures) -> bool:
    try:
        read_wording(sentence, figures, FIVE)
    except UnknownWording:
        return False
    return True


def test_a_rule_outside_the_set_has_no_sentence() -> None:
    item = PerItem((("a", Fraction(-1)),), floor=Fraction(0))
    assert phrase(Sum((item, item)), FIVE) is None
    assert phrase(Escalating("a", ("full",)), FIVE) is None


@given(
    st.lists(st.integers(1, 99), min_size=1, max_size=4, unique=True),
    st.integers(1, 100),
)
def test_bands_read_back(bounds: list[int], hundredths: int) -> None:
    levels = tuple(Fraction(bound) for bound in sorted(bounds))
    points = Fraction(hundredths, 10)
    shares = tuple(Fraction(place, len(levels)) for place in range(1, len(levels) + 1))
    told = phrase(Tiers(Ratio("a", "b", Fraction(100), "%"), levels, shares), points)
    if told is not None:
        assert read_wording(told.sentence, told.figures, points) == Tiers(
            Ratio("a", "b", Fraction(100), "%"), levels, shares
        )


@pytest.mark.parametrize("rule", known_rules(Fraction(10)), ids=lambda rule: type(rule).__name__)
def test_examples_are_the_engine_s_own_words(rule: Rule) -> None:
    shown = examples(rule, Fraction(10))
    assert 2 <= len(shown) <= 6
    for example in shown:
        assert re.search(rf"得 {Fraction(example.points)} 分|得 [\d.]+ 分", example.sentence), example
        assert {name for name, _value in example.figures} == set(rule.fields())
    assert len({example.points for example in shown}) > 1


THIRD = Fraction(1, 3)


@pytest.mark.parametrize(
    ("measure", "knots", "count"),
    [
        (Growth("a", "b", Fraction(100), "%"), ((0, 0), (10, 1)), 3),
        (Difference("a", "b"), ((0, 0), (10, 1)), 3),
        (Growth("a", "b"), ((0, 0), (THIRD, 1)), 1),  # a third of a base can be shown in no figure
        (Difference("a", "b"), ((0, 0), (THIRD, 1)), 1),
        (Value("a"), ((-10, 0), (10, 1)), 2),  # no figure is below nothing
        (Ratio("a", "b"), ((-1, 0), (1, 1)), 2),
    ],
)
def test_examples_solve_the_measure_for_figures_people_write(
    measure: Measure, knots: tuple[tuple[Fraction | int, int], ...], count: int
) -> None:
    rule = Linear(measure, tuple((Fraction(value), Fraction(share)) for value, share in knots))
    assert len(examples(rule, FIVE)) == count


def test_a_rule_of_rules_is_shown_on_plain_figures() -> None:
    item = PerItem((("a", Fraction(-1)),), floor=Fraction(0))
    assert examples(Sum((item,)), FIVE)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("按功效系数法得分，满意值90%，不允许值90%", "不能相同"),
        ("不低于平均值得满分，每高1%扣0.1分，扣完为止", "须配"),
    ],
)
def test_sentences_that_contradict_themselves_are_no_rule(sentence: str, told: str) -> None:
    with pytest.raises(UnknownWording, match=told):
        read_wording(sentence, FIGURES[0], FIVE)


def test_a_rule_that_does_not_hold_together_has_no_examples() -> None:
    assert examples(Tiers(Ratio("a", "b"), (Fraction(1),)), FIVE) == ()


@pytest.mark.parametrize(
    ("written", "sentence", "certainty"),
    [
        ("按要求每月上报的得5分，每少一次扣0.5分，扣完为止。", "每少一次扣0.5分，扣完为止", "part"),
        ("３分，少一次扣１分", "每少一次扣1分", "part"),
        ("不低于20%得满分，每低1%扣0.05", "不低于20%得满分，每低1%扣0.05分", "whole"),
        ("劳动合同签订率100%，每降低1%扣0.2分", "不低于100%得满分，每低1%扣0.2分", "whole"),
        ("70％得3分，60％得2分，50％得1分", "70%得3分，60%得2分，50%得1分", "whole"),
        ("未完成扣5分，底数不清扣2分", "每有一项扣5分，每有一项扣2分", "whole"),
        ("每发现1起应问责未问责的扣0.5分，扣完为止", "每有一起扣0.5分，扣完为止", "whole"),
        ("按时完成得满分，未完成不得分", "完成得满分，未完成不得分", "whole"),
        ("宣讲不少于12场，每少一场扣0.5分，扣完为止", "不低于12场得满分，每低1场扣0.5分，扣完为止", "whole"),
        ("覆盖率达到90%得满分，每低1个百分点扣0.5分", "不低于90%得满分，每低1%扣0.5分", "whole"),
        ("建制率达到95%以上得满分，每低一个百分点扣1分", "不低于95%得满分，每低1%扣1分", "whole"),
        ("满意度达90%得满分，每低1%扣1分，扣完为止", "不低于90%得满分，每低1%扣1分，扣完为止", "whole"),
        (
            "占技能人才比例达到35%的得5分，30%—35%的得3分，低于30%的不得分",
            "达到35%的得5分，30%得3分，其余不得分",
            "whole",
        ),
        ("发生一起重大欠薪事件扣5分，扣完为止", "每有一起扣5分，扣完为止", "whole"),
        ("发现一次扣0.5分，两次及以上不得分", "发现一次扣0.5分，两次以上不得分", "whole"),
        ("按期完成率×分值", "按完成率得分", "whole"),
        (
            "完成目标值得满分，完成80%以上的按比例得分，低于80%不得分",
            "100%得满分，80%以下不得分，其间按比例得分",
            "whole",
        ),
        (
            "按工资总额1.5%足额提取得满分，不足的按比例得分",
            "1.5%得满分，0%以下不得分，其间按比例得分",
            "whole",
        ),
        ("列入得5分，未列入不得分", "完成得满分，未完成不得分", "whole"),
        ("列入党委议题得满分，未列入党委议题的不得分", "完成得满分，未完成不得分", "whole"),
        ("列入得3分，未列入不得分", "列入得3分", "part"),
        ("每迟报1天扣0.5分", "每迟报1天扣0.5分", "whole"),
        ("视情况酌情扣分", "在0至5分内核定", "judged"),
        ("组织有力，成效明显", "在0至5分内核定", "none"),
    ],
)
def test_a_free_sentence_is_proposed_as_one_of_the_set(written: str, sentence: str, certainty: str) -> None:
    proposal = propose(written, FIVE)
    assert (proposal.sentence, proposal.certainty) == (sentence, certainty)


@given(st.text(max_size=60))
def test_whatever_is_written_something_readable_is_proposed(text: str) -> None:
    proposal = propose(text, FIVE)
    names = ("a", "b") if proposal.is_ratio else tuple(f"f{n}" for n in range(proposal.figures))
    read_wording(proposal.sentence, Figures(names, proposal.is_ratio), FIVE)
