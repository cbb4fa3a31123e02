"""The scale of pair judgements, and an expert's contradictions as plain sentences."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from changai.core.scoring.weights import matrix_of
from changai.core.scoring.weights.ahp import worst_triads

LEAST_STEPS, MOST_STEPS = -8, 8
MOST_SIBLINGS = 9
Pair = tuple[str, str]


def ratio_of(steps: int) -> Fraction:
    """Return how many times the first outweighs the second: 8 steps nine times, 0 as much, -8 a ninth."""
    return Fraction(steps + 1) if steps >= 0 else Fraction(1, 1 - steps)


def contradictions(
    items: Sequence[str], names: Mapping[str, str], given: Mapping[Pair, int], *, most: int = 3
) -> list[str]:
    """Return the triads of one expert that contradict themselves most, each as a sentence; open pairs make none."""
    judged = [(first, second, float(ratio_of(steps))) for (first, second), steps in given.items()]
    matrix = matrix_of(items, judged)
    place = {item: number for number, item in enumerate(items)}
    told = []
    for first, second, third in worst_triads(items, matrix, count=most):
        one, two = matrix[place[first], place[second]], matrix[place[second], place[third]]
        direct = matrix[place[first], place[third]]
        # A triad hangs together well enough when the way round differs by less than one mark of the scale.
        if max(one * two / direct, direct / (one * two)) < 2:
            continue
        told.append(
            f"您判断“{names[first]}”的重要程度是“{names[second]}”的 {_share(one)}，“{names[second]}”是"
            f"“{names[third]}”的 {_share(two)}；照此“{names[first]}”应是“{names[third]}”的 {_share(one * two)}，"
            f"而您判断为 {_share(direct)}，请核对这三项。"
        )
    return told


# Geometric standard deviations: experts whose shares differ by a tenth agree, by a quarter and more they do not.
ALIKE, APART = 1.10, 1.25


def dispersion_words(
    names: Sequence[str], dispersions: Sequence[float], *, used: int, inconsistent: int
) -> list[str]:
    """Return in plain sentences how far the experts of one group lie apart; no expert is named.

    :param dispersions: of each item the geometric standard deviation over the experts, 1 for no difference
    :param inconsistent: how many of them contradict themselves
    """
    apart = [(each, name) for each, name in zip(dispersions, names, strict=True) if each >= APART]
    if used == 1:
        told = ["只有 1 名专家的判断，看不出意见是否一致。"]
    elif apart:
        named = "、".join(f"“{name}”" for _each, name in sorted(apart, reverse=True))
        told = [f"对{named}的看法相差较大，分值请集体研究确定。"]
    elif max(dispersions, default=1) <= ALIKE:
        told = ["专家看法相近。"]
    else:
        told = ["专家看法大体一致，略有出入。"]
    if inconsistent:
        told.append(f"{inconsistent} 名专家的判断前后不够一致，已提示本人核对。")
    return told


def _share(ratio: float) -> str:
    return f"{ratio:.2g} 倍" if ratio >= 1 else f"1/{1 / ratio:.2g}"
