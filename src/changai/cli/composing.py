"""`changai compose`: classic composite indices, for analysts. Nothing here is official scoring."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from changai.cli.composing_files import (
    Matrix,
    read_denominators,
    read_directions,
    read_matrix,
    read_number,
    read_table,
)
from changai.cli.terminal import decimal_text, positive, write_out

if TYPE_CHECKING:
    from changai.core.scoring.fixedpoint import Floats

NORMALISATIONS = ("minmax", "goalposts", "zscore", "rank", "vector", "sum", "max", "mean")
AGGREGATIONS = (
    "arithmetic",
    "geometric",
    "harmonic",
    "topsis",
    "vikor",
    "copeland",
    "borda",
    "kemeny",
    "benefit",
)
# What these return is a place or a distance: less is better.
_LESS_IS_BETTER = ("vikor", "kemeny")


def register(commands: Any) -> None:
    """Add `compose` to the command line's `commands`."""
    compose = commands.add_parser("compose", help="综合指数：标准化、权重、合成，供研究对照，不作正式计分")
    compose.add_argument(
        "matrix", type=Path, metavar="MATRIX", help=".csv 或 .xlsx，第一列为单位，其余每列一个指标"
    )
    compose.add_argument(
        "--directions",
        type=Path,
        metavar="FILE",
        help="列：indicator,direction[,low,high][,denominator]；direction 为 1 或 -1，denominator 为作分母的列",
    )
    compose.add_argument(
        "--normalise", choices=NORMALISATIONS, default=None, help="默认 minmax；topsis 默认 vector"
    )
    compose.add_argument(
        "--weights",
        default="equal",
        metavar="W",
        help="equal、entropy、critic、pca、factors，或列为 indicator,weight 的文件",
    )
    compose.add_argument("--aggregate", choices=AGGREGATIONS, default="arithmetic")
    compose.add_argument(
        "--shares",
        type=float,
        nargs=2,
        default=(0.0, 1.0),
        metavar=("LOW", "HIGH"),
        help="benefit：每个指标占总权重的下限和上限，默认 0 1",
    )
    compose.add_argument(
        "--tree",
        type=Path,
        metavar="FILE",
        help="列：name,parent,weight；最上级的 parent 留空；数据中只取此处列出的指标",
    )
    compose.add_argument("--group", metavar="COLUMN", help="缺失值按此列的同组平均值补齐")
    compose.add_argument("--treat", action="store_true", help="先处理离群值（至多 5 个缩尾，再不行取对数）")
    compose.add_argument(
        "--draws", type=positive, metavar="N", help="抽取 N 组权重看位次范围（仅 arithmetic）"
    )
    compose.add_argument("--seed", type=int, default=0)
    compose.add_argument("--out", type=Path, metavar="DIR", help="写入 compose.json、compose.xlsx")
    compose.set_defaults(run=run_compose)


def run_compose(arguments: argparse.Namespace) -> int:
    """Compute the index and print or write it; return 0.

    :raises Invalid: naming file and cell of every fault.
    """
    from changai.cli.scoring_files import sheets_to_xlsx, to_json

    outcome = composed(arguments)
    if arguments.out is None:
        write_out(to_json(outcome))
        return 0
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "compose.json").write_text(to_json(outcome) + "\n", encoding="utf-8")
    heads = list(outcome["units"][0])
    rows = [[unit[head] for head in heads] for unit in outcome["units"]]
    (arguments.out / "compose.xlsx").write_bytes(sheets_to_xlsx({"compose": [heads, *rows]}))
    return 0


def composed(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the index of every unit with its rank, and the choices it rests on."""
    import numpy as np

    denominators = read_denominators(arguments.directions)
    matrix = read_matrix(arguments.matrix, arguments.group, denominators, arguments.tree)
    directions, low, high = read_directions(arguments.directions, matrix)
    values, treated = _prepared(arguments, matrix)
    method = arguments.normalise or ("vector" if arguments.aggregate == "topsis" else "minmax")
    scaled = _normalised(values, directions, method, (low, high))
    if arguments.tree is not None:
        index, weights = _through_tree(arguments, matrix, scaled)
    else:
        weights = _weights(arguments.weights, matrix, scaled if method == "minmax" else values)
        index = _aggregated(
            arguments, scaled if arguments.aggregate != "vikor" else values, weights, directions
        )
    turned = -index if arguments.aggregate in _LESS_IS_BETTER else index
    ranks = [1 + int((turned > value + 1e-12).sum()) for value in turned]
    order = sorted(range(len(ranks)), key=lambda place: (ranks[place], place))
    ranges = _ranges(arguments, scaled, weights) if arguments.draws else {}
    units = [
        {
            "unit": matrix.units[place],
            "value": decimal_text(index[place]),
            "rank": str(ranks[place]),
            **ranges.get(place, {}),
        }
        for place in order
    ]
    return {
        "normalise": method,
        "aggregate": arguments.aggregate,
        "weights": dict(zip(matrix.indicators, map(decimal_text, weights), strict=True)),
        **({"denominators": denominators} if denominators else {}),
        "treated": treated,
        "missing": str(int(np.isnan(matrix.values).sum())),
        "seed": str(arguments.seed) if arguments.draws else None,
        "units": units,
    }


def _prepared(arguments: argparse.Namespace, matrix: Matrix) -> tuple[Floats, dict[str, str]]:
    import numpy as np

    from changai.core.errors import Invalid
    from changai.core.scoring.composite import impute_by_group, treat

    values, how = matrix.values, {}
    if np.isnan(values).any():
        if arguments.group is None:
            raise Invalid(
                f"{arguments.matrix.name}：有缺失值，请用 --group 指明按哪一列分组补齐，或补全数据。"
            )
        values = impute_by_group(values, matrix.labels[arguments.group])
    if arguments.treat:
        columns = []
        for place, name in enumerate(matrix.indicators):
            column, done = treat(values[:, place])
            columns.append(column)
            how[name] = done
        values = np.stack(columns, axis=1)
    return values, {name: done for name, done in how.items() if done != "none"}


def _normalised(values: Floats, directions: Floats, method: str, posts: tuple[Floats, Floats]) -> Floats:
    from changai.core.scoring.composite import goalposts, normalise

    if method == "goalposts":
        return goalposts(values, directions, *posts, clip=True)
    return normalise(values, directions, method)


def _weights(wanted: str, matrix: Matrix, values: Floats) -> Floats:
    import numpy as np

    from changai.core.errors import Invalid
    from changai.core.scoring.weights import critic, entropy, principal_components

    count = len(matrix.indicators)
    if wanted == "equal":
        return np.full(count, 1 / count)
    methods = {
        "entropy": entropy,
        "critic": critic,
        "pca": principal_components,
        "factors": _loaded,
    }
    if wanted in methods:
        if wanted == "entropy" and (values < 0).any():
            raise Invalid("熵权法不能用于负数，请先用 --normalise minmax。")
        return methods[wanted](values)
    path = Path(wanted)
    faults: list[str] = []
    given: dict[str, float] = {}
    for number, cells in read_table(path)[1]:
        given[cells.get("indicator", "")] = read_number(
            cells.get("weight", ""), f"{path.name} 第 {number} 行", faults
        )
    faults += [f"{path.name}：没有指标“{name}”的权重" for name in matrix.indicators if name not in given]
    weights = np.array([given.get(name, 0.0) for name in matrix.indicators])
    if not faults and (weights.min() < 0 or weights.sum() <= 0):
        faults.append(f"{path.name}：权重不能为负，也不能全为零")
    if faults:
        raise Invalid("权重文件有误，未作计算。", faults=tuple(faults))
    shares: Floats = weights / weights.sum()
    return shares


def _loaded(values: Floats) -> Floats:
    from changai.core.scoring.weights import factors

    return factors(values).weights


def _aggregated(arguments: argparse.Namespace, values: Floats, weights: Floats, directions: Floats) -> Floats:
    import numpy as np

    from changai.core.errors import Invalid
    from changai.core.scoring.composite import AGGREGATIONS as AGGREGATES
    from changai.core.scoring.composite import kemeny, topsis, vikor
    from changai.core.scoring.weights import benefit_of_the_doubt

    if arguments.aggregate == "topsis":
        upright = arguments.normalise not in (None, "vector")
        return topsis(values, weights, np.ones(len(weights)) if upright else directions)
    if arguments.aggregate == "vikor":
        return vikor(values, weights, directions)[2]
    try:
        if arguments.aggregate == "kemeny":
            found = kemeny(values, weights)
            return (found.first + found.last) / 2
        if arguments.aggregate == "benefit":
            return benefit_of_the_doubt(values, *arguments.shares)
    except ValueError as wrong:
        raise Invalid(f"{arguments.aggregate}：{wrong}。") from wrong
    if arguments.aggregate in ("geometric", "harmonic") and (values <= 0).any():
        raise Invalid(
            f"{arguments.aggregate} 要求标准化后的数值都大于零，请换用 --normalise 或 --aggregate。"
        )
    return AGGREGATES[arguments.aggregate](values, weights)


def _through_tree(arguments: argparse.Namespace, matrix: Matrix, values: Floats) -> tuple[Floats, Floats]:
    """Return the index and the weight each indicator has in it, its share at every level multiplied."""
    import numpy as np

    from changai.core.errors import Invalid
    from changai.core.scoring.composite import AGGREGATIONS as AGGREGATES
    from changai.core.scoring.composite import Branch, aggregate_tree, effective_weights

    if arguments.aggregate not in AGGREGATES:
        raise Invalid(f"{arguments.aggregate} 不能逐级合成，请去掉 --tree。")
    if arguments.weights != "equal":
        raise Invalid(f"{arguments.tree.name} 中已有各级权重，请去掉 --weights。")
    faults: list[str] = []
    branches = []
    for number, cells in read_table(arguments.tree)[1]:
        weight = read_number(cells.get("weight", "") or "1", f"{arguments.tree.name} 第 {number} 行", faults)
        branches.append(Branch(cells.get("name", ""), cells.get("parent", ""), weight))
    tops = [branch.name for branch in branches if not branch.parent]
    if len(tops) != 1:
        faults.append(f"{arguments.tree.name}：最上级（parent 为空）应恰有一个，现有 {len(tops)} 个")
    if faults:
        raise Invalid("层级文件有误，未作计算。", faults=tuple(faults))
    columns = {name: values[:, place] for place, name in enumerate(matrix.indicators)}
    try:
        index = aggregate_tree(columns, branches, AGGREGATES[arguments.aggregate])[tops[0]]
    except ValueError as wrong:
        raise Invalid(f"{arguments.tree.name}：{wrong}。") from wrong
    shares = effective_weights(branches)
    return index, np.array([shares.get(name, 0.0) for name in matrix.indicators])


def _ranges(arguments: argparse.Namespace, values: Floats, weights: Floats) -> dict[int, dict[str, str]]:
    """Return median and 5-95 % rank of each unit under Dirichlet weights of relative spread 0.25."""
    import numpy as np

    from changai.core.errors import Invalid
    from changai.core.scoring.robust.drawn import spread_to_concentration
    from changai.core.scoring.robust.ranks import quantiles, rank_draws

    if arguments.aggregate != "arithmetic" or arguments.tree is not None:
        raise Invalid("--draws 只用于不分级的 arithmetic 合成。")
    generator = np.random.default_rng(arguments.seed)
    spread = spread_to_concentration(0.25, len(weights))
    drawn = (
        generator.dirichlet(np.maximum(weights, 1e-9) * spread, size=arguments.draws)
        if len(weights) > 1
        else None
    )
    chosen = np.ones((arguments.draws, 1)) if drawn is None else drawn
    found = quantiles(rank_draws(values.T, np.zeros(len(values)), chosen), (0.05, 0.5, 0.95))
    return {
        place: {"median": str(found[1, place]), "p5": str(found[0, place]), "p95": str(found[2, place])}
        for place in range(len(values))
    }
