"""Checks flag what is planted and stay quiet on honest data."""

import numpy as np
import pytest

from changai.core.scoring.checks import (
    benjamini_hochberg,
    bunching,
    copied_blocks,
    decide,
    identities,
    is_worth_running,
    jumps,
    last_digits,
    outliers,
    records,
    repeats,
    self_scores,
    shared_files,
)
from changai.core.scoring.checks.flags import modified_z, two_sided

UNITS = [f"u{n}" for n in range(20)]


def honest(seed):
    return np.random.default_rng(seed)


def test_false_discoveries_by_hand():
    assert benjamini_hochberg([0.01, 0.04, 0.03, 0.5], 0.1).tolist() == [True, True, True, False]
    assert benjamini_hochberg([0.2, 0.3], 0.1).tolist() == [False, False]
    assert benjamini_hochberg([], 0.1).tolist() == []


def test_modified_z_by_hand_and_without_spread():
    assert modified_z(np.array([1.0, 2, 3, 4, 100]))[4] == pytest.approx(0.6745 * 97)
    assert modified_z(np.array([5.0, 5, 5, 9])).tolist() == [0, 0, 0, 0]
    assert two_sided(0.0, 20) == pytest.approx(1)
    assert two_sided(3.5, 20) < two_sided(3.5, 8)


def claims(generator):
    reviewed = generator.normal(80, 5, (20, 12))
    return reviewed + generator.normal(1.5, 2, (20, 12)), reviewed


def test_a_planted_over_claim_is_found_first_and_general_optimism_rarely():
    honest_runs = [bool(decide(self_scores(UNITS, *claims(honest(seed)))).flags) for seed in range(150)]
    assert sum(honest_runs) / 150 <= 0.15
    own, reviewed = claims(honest(1))
    own[4] += 8
    run = decide(self_scores(UNITS, own, reviewed))
    assert run.flags[0].unit == "u4"
    told = run.flags[0].sentence()
    assert "需要核实" in told
    assert "造假" not in told
    assert "please verify" in run.flags[0].sentence("en")
    own[4] -= 20
    assert "u4" not in {flag.unit for flag in decide(self_scores(UNITS, own, reviewed)).flags}
    assert not list(self_scores(UNITS[:5], own[:5], reviewed[:5]))
    assert not list(self_scores([], own[:0], reviewed[:0]))


@pytest.mark.parametrize(("draw", "scale"), [("normal", "linear"), ("lognormal", "log")])
def test_honest_values_are_rarely_flagged(draw, scale):
    generator, flagged = honest(2), 0
    for _ in range(200):
        values = generator.normal(100, 10, 20) if draw == "normal" else generator.lognormal(3, 1, 20)
        flagged += bool(decide(outliers(UNITS, "x", values, scale=scale)).flags)
    # The false discovery rate of 10 % over a run bounds the share of honest runs with any flag; allow for sampling.
    assert flagged / 200 <= 0.13


def test_a_planted_outlier_is_found():
    values = honest(3).normal(100, 5, 20)
    values[7] = 190
    assert decide(outliers(UNITS, "x", values)).flags[0].unit == "u7"
    assert not list(outliers(UNITS[:3], "x", values[:3]))
    with pytest.raises(ValueError, match="above zero"):
        list(outliers(UNITS, "x", values - 500, scale="log"))


def test_identities_are_right_or_wrong():
    rules = [("in_post", "<=", "total"), ("men + women", "=", "total"), ("gone", "<=", "total")]
    found = decide(identities("甲", {"in_post": 12, "total": 10, "men": 4, "women": 6}, rules))
    assert [(flag.test, flag.p) for flag in found.flags] == [("identity", None)]
    assert found.flags[0].sentence().startswith("甲，in_post：in_post 为 12，不应大于 total 10，需要核实")
    assert found.words() == "共检验 1 次，提示 1 条。"
    assert "must equal" in next(identities("甲", {"men": 1, "women": 1, "total": 3}, rules)).en


def test_a_figure_several_times_what_it_ever_was_is_told_without_a_test():
    months = np.array([227.0, 187, 242, 301, 165, 195, 268, 208, 291, 1320, 400])
    ((place, flag),) = records("甲", "x", months)
    assert (place, flag.p) == (9, None)
    assert flag.sentence() == (
        "甲，x（第 10 期）：数值 1320 是此前各期最高值 301 的 4.4 倍，需要核实。"
        "可能的正常原因：集中开班或集中结算、新设项目、统计口径调整。"
    )
    assert not list(records("甲", "x", months[:9]))
    assert not list(records("甲", "x", np.array([1000.0, *months[:8], 1320])))
    assert not list(records("甲", "x", months[[0, 1, 9]]))
    # What is told honestly is a matter of how much months vary: with a factor of 1.35 it hardly ever happens.
    honest_months = [honest(seed).lognormal(5, 0.3, 24) for seed in range(200)]
    assert sum(bool(list(records("甲", "x", each))) for each in honest_months) <= 2


def test_jumps_are_measured_against_the_units_own_months_and_the_season():
    def months(generator):
        return 100 * np.exp(generator.normal(0, 0.05, 24))

    season = np.exp(np.tile([0, 0, 0, 0, 0, 2.0, 0, 0], 3))
    steady, seasonal = 0, 0
    for seed in range(100):
        generator = honest(seed)
        own = months(generator)
        steady += bool(decide(jumps("甲", "x", own)).flags)
        peers = np.stack([months(generator) * season for _ in range(10)])
        running, others = np.cumsum(own * season), np.cumsum(peers, axis=1)
        seasonal += bool(decide(jumps("甲", "x", running, cumulative=True, peers=others)).flags)
    assert steady <= 16
    assert seasonal <= 16
    own = months(honest(4))
    own[12] *= 5
    found = decide(jumps("甲", "x", own)).flags
    assert {flag.indicator for flag in found[:2]} == {"x（第 13 期）", "x（第 14 期）"}
    assert not list(jumps("甲", "x", np.array([1.0, 2, 3])))
    assert not list(jumps("甲", "x", np.array([0.0] * 9)))


def test_a_whole_sheet_copied_from_the_month_before_is_told_and_zeros_are_no_copy():
    first = {"a": "3", "b": "12", "c": "7", "d": "1.5", "e": "0"}
    periods = {"5 月": first, "6 月": dict(first), "7 月": first | {"a": "4"}}
    found = list(copied_blocks("甲", periods))
    assert [flag.sentence() for flag in found] == [
        "甲，6 月全部指标：4 项数据与 5 月完全相同，需要核实。可能的正常原因：该期没有新增工作、误将上期表格重报。"
    ]
    assert not list(copied_blocks("甲", {"5 月": first, "6 月": {"a": "3", "z": "1"}}))
    still = dict.fromkeys("abcd", "0.0")
    assert not list(copied_blocks("甲", {"5 月": still, "6 月": dict(still)}))


def test_one_file_of_two_units_is_told_and_one_file_for_two_items_is_not():
    files = [
        ("甲", "1.1", "f1"),
        ("甲", "1.2", "f1"),
        ("乙", "1.1", "f2"),
        ("丙", "2", "f2"),
        ("丙", "2", "f2"),
    ]
    found = list(shared_files(files))
    assert [(flag.unit, flag.indicator, flag.statistic) for flag in found] == [
        ("乙", "1.1", 1),
        ("丙", "2", 1),
    ]
    assert "与丙的是同一文件" in found[0].sentence()
    assert "the same file as that of 乙" in found[1].sentence("en")


def test_a_test_that_is_seldom_right_is_ended_after_fifty_verdicts():
    assert is_worth_running(0, 49)
    assert not is_worth_running(9, 50)
    assert is_worth_running(10, 50)


def test_repeats_of_moving_figures():
    assert next(repeats("甲", "x", ["1", "5", "5", "5", "2"])).statistic == 3
    assert not list(repeats("甲", "x", ["1", "2", "1", "2"]))
    assert not list(repeats("甲", "x", []))


def test_last_digits_of_large_counts_only():
    generator = honest(5)
    uniform = [int(count) for count in generator.integers(100, 9999, 300)]
    assert next(last_digits("甲", "x", uniform)).p > 0.01
    rounded = [count - count % 5 for count in uniform]
    assert next(last_digits("甲", "x", rounded)).p < 1e-6
    assert not list(last_digits("甲", "x", [7] * 300))
    assert not list(last_digits("甲", "x", uniform[:59]))
    flags = sum(
        next(last_digits("甲", "x", generator.integers(100, 9999, 60).tolist())).p < 0.01 for _ in range(400)
    )
    assert flags / 400 <= 0.03


def test_the_run_says_how_many_findings_may_be_chance():
    values = honest(6).normal(100, 5, 20)
    values[7] = 300
    run = decide(outliers(UNITS, "x", values))
    assert run.words() == "共检验 20 次，提示 1 条，其中预计约 0.1 条出于偶然。"
    assert run.words("en").startswith("20 tests, 1 findings")


def test_bunching_above_a_threshold_is_a_pattern_of_all():
    generator = honest(7)
    smooth = [
        bool(decide(bunching("完成率", generator.normal(100, 10, 200), 100.0, 5.0)).flags) for _ in range(400)
    ]
    assert sum(smooth) / 400 <= 0.13
    values = generator.normal(100, 10, 200)
    values[(values >= 96) & (values < 100)] = 100
    found = decide(bunching("完成率", values, 100.0, 5.0)).flags
    assert [(flag.unit, flag.test) for flag in found] == [("全部对象", "bunching")]
    assert found[0].p < 1e-6
    assert "不针对任何一个对象" in found[0].sentence()
    assert "not of any one unit" in found[0].sentence("en")
    # By hand: 9 or more of 12 by chance is (220 + 66 + 12 + 1) / 4096.
    by_hand = np.array([1.0] * 9 + [-1.0] * 3)
    assert next(bunching("x", by_hand, 0.0, 2.0)).p == pytest.approx(299 / 4096)
    assert not list(bunching("x", by_hand[1:], 0.0, 2.0))
    with pytest.raises(ValueError, match="above zero"):
        list(bunching("x", by_hand, 0.0, 0.0))
