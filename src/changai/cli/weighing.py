"""`changai ahp`: experts' judgements in pairs, with weights, consistency, disagreement and points."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from changai.cli.composing_files import read_judgements
from changai.cli.terminal import decimal_text, write_out


def register(commands: Any) -> None:
    """Add `ahp` to the command line's `commands`."""
    ahp = commands.add_parser("ahp", help="层次分析法：多位专家两两判断，得权重、一致性、分歧和分值")
    ahp.add_argument(
        "judgements", type=Path, metavar="JUDGEMENTS", help="列：[group,][expert,]first,second,value"
    )
    ahp.add_argument(
        "--points", type=_fraction, default=Fraction(100), metavar="P", help="折成的分值合计，默认 100"
    )
    ahp.add_argument(
        "--step", type=_fraction, default=Fraction(1, 2), metavar="S", help="分值的最小单位，默认 0.5"
    )
    ahp.set_defaults(run=run_ahp)


def run_ahp(arguments: argparse.Namespace) -> int:
    """Print weights, consistency, disagreement and points of every group; return 0.

    :raises Invalid: when a judgement is impossible or the groups cannot be weighed.
    """
    from changai.cli.scoring_files import to_json

    groups = read_judgements(arguments.judgements)
    write_out(to_json({name: _weighed(name, experts, arguments) for name, experts in groups.items()}))
    return 0


def _weighed(
    name: str, experts: Mapping[str, Sequence[tuple[str, str, float]]], arguments: argparse.Namespace
) -> Any:
    from changai.core.errors import Invalid
    from changai.core.scoring.decimals import write_number
    from changai.core.scoring.weights import ahp, matrix_of, points_of

    items = list(
        dict.fromkeys(
            item for judged in experts.values() for first, second, _ in judged for item in (first, second)
        )
    )
    try:
        found = ahp(items, [matrix_of(items, judged) for judged in experts.values()])
        points = points_of(found.weights.tolist(), arguments.points, arguments.step)
    except ValueError as wrong:
        raise Invalid(f"{arguments.judgements.name}（{name}）：{wrong}。") from wrong
    low, high = found.leave_one_out
    return {
        "items": [
            {
                "item": item,
                "weight": decimal_text(found.weights[place]),
                "eigenvector": decimal_text(found.group.eigenvector[place]),
                "geometric_sd": decimal_text(found.dispersion[place]),
                "leave_one_out": [decimal_text(low[place]), decimal_text(high[place])],
                "points": write_number(points[place]),
            }
            for place, item in enumerate(items)
        ],
        "random_index": found.group.table,
        "group_cr": decimal_text(found.group.consistency_ratio),
        "kendall_w": None if found.kendall_w is None else decimal_text(found.kendall_w),
        "experts": [
            {
                "expert": expert,
                "cr": decimal_text(found.experts[place].consistency_ratio),
                "usable": found.experts[place].is_consistent,
                "completed": str(found.completed[place]),
                "worst_triads": [list(triad) for triad in found.worst_triads[place]],
            }
            for place, expert in enumerate(experts)
        ],
    }


def _fraction(text: str) -> Fraction:
    from changai.core.scoring import NotANumber, to_number

    try:
        number = to_number(text)
    except NotANumber as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from wrong
    if number <= 0:
        raise argparse.ArgumentTypeError("must be above 0")
    return number
