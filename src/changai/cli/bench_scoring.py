"""`changai bench scoring`: scoring, sentences and weight draws on one thread, as ratios to the machine's own limit."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_LEAVES = 60
# A peer that would need minutes is timed on this many draws and extrapolated.
_PEER_DRAWS = 20
_PEERS = {"pymcdm": "pymcdm", "scikit-criteria": "skcriteria", "pyDecision": "pyDecision"}


@dataclass(frozen=True, slots=True)
class Measured:
    """One line: what was done, least processor seconds of several rounds, and for draws their share of all draws."""

    name: str
    seconds: float
    note: str = ""
    share: float | None = None


def register(names: Any) -> None:
    """Add `scoring` to the measurements."""
    parser = names.add_parser("scoring", help="计分与权重敏感性")
    parser.add_argument("--units", type=int, default=3000)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure in a fresh process with one thread and return its exit code."""
    environment = {**os.environ, **dict.fromkeys(_THREADS, "1")}
    sizes = [str(arguments.units), str(arguments.draws), str(arguments.rounds)]
    command = [sys.executable, "-m", "changai.cli.bench_scoring", *sizes]
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - our own module


def measure(units: int, draws: int, rounds: int) -> list[Measured]:
    """Return the measurements of all parts, the limits first."""
    scheme, figures = table(), facts(units)
    rates, weights = _matrices(units, draws)
    return [
        *_drawing(rates, weights, rounds),
        *_scoring(scheme, figures, rounds),
        *_peers(rates, weights),
    ]


def report(found: list[Measured], draws: int) -> str:
    """Return the measurements as a table with their ratio to the limit."""
    limit = next(each.seconds for each in found if each.name.startswith("limit"))
    ours = next(each.seconds for each in found if each.name.startswith("ours") and each.share == 1)
    lines = [f"{'what':<58}{'CPU s':>12}{'x limit':>10}{'x ours':>10}"]
    for each in found:
        ratios = " " * 20
        if each.share is not None:
            ratios = f"{each.seconds / (limit * each.share):10.2f}{each.seconds / (ours * each.share):10.2f}"
        lines.append(f"{each.name:<58}{each.seconds:>12.4f}{ratios}  {each.note}".rstrip())
    lines.append(f"limit: one product and one sort for {draws} draws; ours: {draws} draws ranked; one thread")
    missing = [name for name, module in _PEERS.items() if importlib.util.find_spec(module) is None]
    if missing:
        lines.append(f"not installed: {', '.join(missing)}; the dependency group bench has them")
    return "\n".join(lines)


def _best(work: Callable[[], object], rounds: int) -> float:
    """Return the least processor seconds of several rounds: others on the machine do not count."""
    return _alternately([work], rounds)[0]


def _alternately(works: list[Callable[[], object]], rounds: int) -> list[float]:
    """Return the least processor seconds of each work, measured in turns so that all see the same machine."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for place, work in enumerate(works):
            start = time.thread_time()
            work()
            best[place] = min(best[place], time.thread_time() - start)
    return best


def table(leaves: int = _LEAVES) -> Any:
    """Return a scheme of one table 企业 with so many indicators, six kinds of rules in turn."""
    from changai.core.scoring import Scheme

    rules: list[Callable[[int], dict[str, Any]]] = [
        lambda k: {
            "rule": "Linear",
            "of": {"measure": "Ratio", "num": f"a{k}", "den": f"b{k}", "times": 100, "unit": "%"},
            "knots": [[0, 0], [100, 1]],
        },
        lambda k: {"rule": "Tiers", "of": f"a{k}", "bounds": [600, 800, 900], "shares": ["0.3", "0.6", "1"]},
        lambda k: {"rule": "PerItem", "items": {f"a{k}": "-0.001", f"b{k}": "-0.0005"}, "floor": "0"},
        lambda k: {"rule": "Checklist", "items": {f"t{k}": "1"}},
        lambda k: {"rule": "Imported", "field": f"a{k}", "out_of": 1000},
        lambda k: {"rule": "RankPoints", "of": f"a{k}", "step": "0.001"},
    ]
    nodes = [
        {"code": str(k), "name": f"指标{k}", "points": "1", "rule": rules[k % 6](k)} for k in range(leaves)
    ]
    written = {"category": "企业", "full": str(leaves), "void": "zero", "nodes": nodes}
    return Scheme.from_json({"scheme": "bench", "tables": [written]})


def facts(units: int, leaves: int = _LEAVES) -> Any:
    """Return three random figures for every indicator of so many units."""
    import numpy as np

    from changai.core.scoring import Facts, Status

    generator = np.random.default_rng(1)
    figures = generator.integers(1, 1000, size=(units, leaves, 3)).tolist()
    reported, rows = Status.REPORTED, []
    for unit, row in enumerate(figures):
        for leaf, (first, second, third) in enumerate(row):
            rows.append((f"u{unit}", f"a{leaf}", first, reported))
            rows.append((f"u{unit}", f"b{leaf}", second, reported))
            rows.append((f"u{unit}", f"t{leaf}", third % 2, reported))
    return Facts.from_rows(rows)


def _matrices(units: int, draws: int) -> tuple[Any, Any]:
    import numpy as np

    generator = np.random.default_rng(2)
    return generator.random((_LEAVES, units)) * 100, generator.dirichlet(np.full(_LEAVES, 20.0), size=draws)


def _limits(rates: Any, weights: Any) -> list[Callable[[], object]]:
    """Return the two works nobody can do without: the float32 product, and one sort of every draw."""
    import numpy as np

    columns, rows = rates.astype(np.float32), weights.astype(np.float32)
    block = np.empty((128, rates.shape[1]), dtype=np.float32)
    unsorted: Any = np.random.default_rng(3).random(block.shape, dtype=np.float32)

    def product() -> None:
        for first in range(0, len(rows), 128):
            part = rows[first : first + 128]
            np.dot(part, columns, out=block[: len(part)])

    def order() -> None:
        for first in range(0, len(rows), 128):
            count = min(128, len(rows) - first)
            block[:count] = unsorted[:count]
            block[:count].sort(axis=1)

    return [product, order]


def _scoring(scheme: Any, facts: Any, rounds: int) -> list[Measured]:
    from changai.core.scoring import Scheme, score

    source = scheme.to_dict()
    score(scheme, "企业", facts)

    def whole() -> object:
        # A scheme read anew is validated anew.
        card = score(Scheme.from_json(source), "企业", facts)
        return card.places

    def scored() -> object:
        return score(scheme, "企业", facts).places

    card = score(scheme, "企业", facts)
    sheet = _best(lambda: [leaf.sentence() for leaf in card.leaves("u7")], rounds)

    def explained() -> None:
        whole_card = score(scheme, "企业", facts)
        for unit in facts.units:
            for leaf in whole_card.leaves(unit):
                leaf.sentence()

    size = f"{len(facts.units)} x {_LEAVES}"
    return [
        Measured(f"ours: {size} read scheme, validate, score, rank", _best(whole, rounds)),
        Measured(f"ours: {size} score, rank", _best(scored, rounds)),
        Measured("ours: the sentences of one unit", sheet),
        Measured(f"ours: {size} score, rank, every sentence", _best(explained, 1)),
    ]


def _drawing(rates: Any, weights: Any, rounds: int) -> list[Measured]:
    import numpy as np

    from changai.core.scoring.robust.ranks import quantiles, rank_draws

    fixed = np.zeros(rates.shape[1])
    few = weights[: max(1, len(weights) // 10)]

    def with_ranges() -> object:
        return quantiles(rank_draws(rates, fixed, weights), (0.05, 0.5, 0.95))

    ours = [lambda: rank_draws(rates, fixed, few), lambda: rank_draws(rates, fixed, weights), with_ranges]
    product, order, some, every, ranges = _alternately([*_limits(rates, weights), *ours], rounds)
    size = f"{len(weights)} x {rates.shape[1]}"
    return [
        Measured("limit: float32 product + sort", product + order, f"{product:.4f} + {order:.4f}", 1.0),
        Measured(f"ours: draws {len(few)} x {rates.shape[1]} ranked", some, "", len(few) / len(weights)),
        Measured(f"ours: draws {size} ranked", every, "", 1.0),
        Measured(f"ours: draws {size} ranked, median and range", ranges, "", 1.0),
    ]


def _peers(rates: Any, weights: Any) -> list[Measured]:
    import numpy as np

    matrix, draws = rates.T.copy(), len(weights)
    kinds = np.ones(len(rates), dtype=int)

    def plain() -> None:
        for row in weights[: 10 * _PEER_DRAWS]:
            np.argsort(np.argsort(-(matrix @ row)))

    found = [_extrapolated("peer: plain NumPy, argsort twice", plain, 10 * _PEER_DRAWS, draws)]
    for name, prepare in zip(_PEERS, (_pymcdm, _skcriteria, _pydecision), strict=True):
        try:
            one = prepare(matrix, kinds)
        except ImportError:
            continue

        def several(one: Callable[[Any], object] = one) -> None:
            for row in weights[:_PEER_DRAWS]:
                one(row)

        found.append(_extrapolated(f"peer: {name}", several, _PEER_DRAWS, draws))
    return found


def _extrapolated(name: str, work: Callable[[], None], run_draws: int, draws: int) -> Measured:
    seconds = _best(work, 2) * draws / run_draws
    return Measured(name, seconds, f"from {run_draws} draws" if run_draws < draws else "", 1.0)


def _pymcdm(matrix: Any, kinds: Any) -> Callable[[Any], object]:
    rank = importlib.import_module("pymcdm.helpers").rrankdata
    method = importlib.import_module("pymcdm.methods").WSM()
    return lambda row: rank(method(matrix, row, kinds))


def _skcriteria(matrix: Any, kinds: Any) -> Callable[[Any], object]:
    make = importlib.import_module("skcriteria").mkdm
    model = importlib.import_module("skcriteria.agg.simple").WeightedSumModel()
    return lambda row: model.evaluate(make(matrix, kinds.tolist(), weights=row)).rank_


def _pydecision(matrix: Any, kinds: Any) -> Callable[[Any], object]:
    saw = importlib.import_module("pyDecision.algorithm").saw_method
    criteria = ["max"] * len(kinds)
    return lambda row: saw(matrix, criteria, row, graph=False, verbose=False)


if __name__ == "__main__":
    _units, _draws, _rounds = (int(word) for word in sys.argv[1:4])
    print(report(measure(_units, _draws, _rounds), _draws))
