"""Quotas against published lists, and what holds for every list."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from changai.core.quotas import Quota, check_quotas, cut_at, judged_count

PERCENT = some.fractions(min_value=0, max_value=100, max_denominator=4)
SLATES = some.lists(some.sets(some.sampled_from(["一线", "科教", "女", "农民工"])), max_size=40)


# Source: list of 2017 national labour medals as proposed, reported on 2017-04-25: 694 people.
@pytest.mark.parametrize(
    ("group", "count", "least", "share"),
    [
        ("一线工人和专业技术人员", 393, 55, "56.62"),
        ("科教人员", 147, 20, "21.18"),
        ("农民工", 77, 10, "11.09"),
    ],
)
def test_a_published_list_keeps_its_quotas(group: str, count: int, least: int, share: str) -> None:
    found = judged_count(Quota(group, Fraction(least)), count, 694)
    assert found.is_met
    assert f"占 {share}%" in found.sentence
    assert not judged_count(Quota(group, Fraction(least)), found.least - 1, 694).is_met


def test_the_sentence_says_how_many_it_takes_and_how_it_was_rounded() -> None:
    quotas = [Quota("产业工人", Fraction(35)), Quota("企业负责人", most_percent=Fraction(13))]
    slate = [{"产业工人"}] * 3 + [{"企业负责人"}] * 2 + [set[str]()] * 5
    workers, leaders = check_quotas(quotas, slate)
    assert workers.sentence == (
        "10 人中“产业工人”3 人，占 30%，要求不低于 35%，还差 1 人（应不少于 4 人，不足一人按一人计）。"
    )
    assert leaders.sentence == (
        "10 人中“企业负责人”2 人，占 20%，要求不高于 13%，超出 1 人（应不多于 1 人，不足一人的部分不计）。"
    )


def test_a_share_among_a_part_of_the_list() -> None:
    quota = Quota("县处级", most_percent=Fraction(20), base="机关事业人员")
    slate = [{"机关事业人员", "县处级"}, {"机关事业人员"}, {"县处级"}]
    (found,) = check_quotas([quota], slate)
    assert (found.count, found.of, found.is_met) == (1, 2, False)
    (nobody,) = check_quotas([quota], [{"县处级"}])
    assert nobody.is_met
    assert "不作比较" in nobody.sentence


@given(SLATES, PERCENT)
def test_the_rounded_numbers_say_the_same_as_the_exact_share(slate: list[set[str]], bound: Fraction) -> None:
    least, most = check_quotas([Quota("一线", bound), Quota("一线", most_percent=bound)], slate)
    assert least.is_met == (least.count * 100 >= bound * len(slate))
    assert most.is_met == (most.count * 100 <= bound * len(slate))


@given(SLATES, PERCENT)
def test_the_missing_people_mend_the_list(slate: list[set[str]], bound: Fraction) -> None:
    (found,) = check_quotas([Quota("一线", bound)], slate)
    outside = [row for row in slate if "一线" not in row][: max(0, found.least - found.count)]
    for row in outside:
        row.add("一线")
    assert check_quotas([Quota("一线", bound)], slate)[0].is_met


def test_no_quota_without_sound_bounds() -> None:
    for bounds in ((None, None), (Fraction(101), None), (Fraction(30), Fraction(20))):
        with pytest.raises(ValueError, match="sound bounds"):
            Quota("一线", *bounds)


def test_a_tie_at_the_edge_is_never_parted() -> None:
    cut = cut_at([("甲县", 1), ("乙县", 2), ("丙县", 2), ("丁县", 4)], 2)
    assert cut.chosen == ("甲县",)
    assert cut.sentence.startswith("乙县、丙县并列第 2 名，名额只余 1 个")
    assert cut_at([("甲县", 1), ("乙县", 2), ("丙县", 2), ("丁县", 4)], 3).sentence == ""


@given(some.lists(some.integers(1, 6), max_size=20), some.integers(0, 25))
def test_a_cut_keeps_to_the_places_and_parts_nobody(ranks: list[int], places: int) -> None:
    rows = [(str(number), rank) for number, rank in enumerate(ranks)]
    cut = cut_at(rows, places)
    assert len(cut.chosen) <= places
    by_name = dict(rows)
    inside, outside = {by_name[name] for name in cut.chosen}, {
        rank for name, rank in rows if name not in cut.chosen
    }  # fmt: skip
    assert not inside & outside
    assert max(inside, default=0) < min(outside, default=99)
    assert bool(cut.sentence) == (len(cut.chosen) < min(places, len(rows)))
