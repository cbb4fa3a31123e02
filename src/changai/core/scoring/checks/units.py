"""Checks that compare units with their peers, and identities inside one unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from changai.core.scoring.checks.flags import Flag, modified_z, two_sided
from changai.core.scoring.fixedpoint import Floats

LEAST_PEERS = 8
LEAST_INDICATORS = 8


def self_scores(units: Sequence[str], own: Floats, reviewed: Floats) -> Iterator[Flag]:
    """Yield one test per unit: its mean self-score minus review score, against its peers.

    `own` and `reviewed` are units x indicators; NaN where there is none. Never an absolute threshold: when everyone
    is optimistic, nobody stands out. Needs eight units and eight indicators.
    """
    gaps = np.nanmean(own - reviewed, axis=1) if own.size else np.zeros(0)
    if len(units) < LEAST_PEERS or own.shape[1] < LEAST_INDICATORS:
        return
    scores, middle = modified_z(gaps), float(np.median(gaps))
    for unit, gap, z in zip(units, gaps, scores, strict=True):
        # Only claiming too much is of interest, so one tail counts.
        tail = two_sided(float(z), len(units)) / 2
        yield Flag(
            unit,
            "自评与复核",
            "self_score",
            float(z),
            tail if z > 0 else 1 - tail,
            f"自评平均比复核高 {gap:.2f} 分，同类对象一般高 {middle:.2f} 分",
            f"self-scores are {gap:.2f} points above review on average, peers {middle:.2f}",
            "对评分标准理解不同、佐证材料提交较晚",
            "a different reading of the standard, late evidence",
        )


def outliers(
    units: Sequence[str], indicator: str, values: Floats, *, scale: str = "linear"
) -> Iterator[Flag]:
    """Yield one test per unit: its value among its peers; needs eight.

    :param scale: "log" for amounts and counts that differ by orders of magnitude (all must then be above zero)
    :raises ValueError: for a log scale with values not above zero
    """
    if len(units) < LEAST_PEERS:
        return
    if scale == "log":
        if values.min() <= 0:
            raise ValueError("a log scale needs values above zero")
        values = np.log(values)
    shown = np.exp(values) if scale == "log" else values
    middle = float(np.median(shown))
    for unit, value, z in zip(units, shown, modified_z(values), strict=True):
        yield Flag(
            unit,
            indicator,
            "outlier",
            float(z),
            two_sided(float(z), len(units)),
            f"数值 {value:g} 与同类对象（中位数 {middle:g}）相差较大",
            f"the value {value:g} is far from its peers (median {middle:g})",
            "规模或产业结构不同、当年有重大项目、统计口径调整",
            "size or structure, one large project, a changed definition",
        )


def identities(
    unit: str, figures: Mapping[str, float], rules: Sequence[tuple[str, str, str]]
) -> Iterator[Flag]:
    """Yield a flag for every broken identity; rules are (part, "<=", whole) or (sum of a+b, "=", whole).

    Figures that are absent make no test. These are the only checks that may stop a submission.
    """
    for left, sign, right in rules:
        names = [name.strip() for name in left.split("+")]
        if right not in figures or any(name not in figures for name in names):
            continue
        total, whole = sum(figures[name] for name in names), figures[right]
        broken = total > whole + 1e-9 if sign == "<=" else abs(total - whole) > 1e-9
        if broken:
            relation = "不应大于" if sign == "<=" else "应等于"
            english = "must not exceed" if sign == "<=" else "must equal"
            yield Flag(
                unit,
                left,
                "identity",
                total - whole,
                None,
                f"{left} 为 {total:g}，{relation} {right} {whole:g}",
                f"{left} is {total:g} and {english} {right}, {whole:g}",
                "录入错行、口径不一致",
                "a slipped row, two definitions",
            )
