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


def _share(ratio: float) -> str:
    return f"{ratio:.2g} 倍" if ratio >= 1 else f"1/{1 / ratio:.2g}"
