"""What a check found, and how many of the findings chance alone would give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import erf, log1p, sqrt

import numpy as np

from changai.core.scoring.fixedpoint import Floats, Mask
from changai.core.scoring.voice import Language, Voice

FALSE_DISCOVERIES = 0.10
VERDICTS = 50
LEAST_CONFIRMED = 0.2


@dataclass(frozen=True, slots=True)
class Flag:
    """One test of one figure of one unit: what was compared, how unusual it is, and what may well explain it.

    `p` is None for identities, which are right or wrong and not a matter of chance.
    """

    unit: str
    indicator: str
    test: str
    statistic: float
    p: float | None
    zh: str
    en: str
    innocent_zh: str
    innocent_en: str

    def sentence(self, lang: Language = "zh") -> str:
        """Return the finding and its innocent explanations; nothing stronger than 需要核实."""
        voice = Voice(lang)
        zh = f"{self.unit}，{self.indicator}：{self.zh}，需要核实。可能的正常原因：{self.innocent_zh}。"
        return voice.pick(
            voice.close_up(zh),
            f"{self.unit}, {self.indicator}: {self.en}; please verify. It may be: {self.innocent_en}.",
        )


@dataclass(frozen=True)
class Run:
    """The findings that remain after all tests of a run were weighed together."""

    tests: int
    flags: tuple[Flag, ...]
    rate: float

    def words(self, lang: Language = "zh") -> str:
        """Return how many tests were run and how many findings chance may have given."""
        if not self.flags:
            told = f"共检验 {self.tests} 次，没有需要提示的。"
            return Voice(lang).pick(told, f"{self.tests} tests, nothing to point at.")
        chance = sum(flag.p is not None for flag in self.flags) * self.rate
        zh, en = (
            f"共检验 {self.tests} 次，提示 {len(self.flags)} 条",
            f"{self.tests} tests, {len(self.flags)} findings",
        )
        if not chance:
            return Voice(lang).pick(f"{zh}。", f"{en}.")
        return Voice(lang).pick(
            f"{zh}，其中预计约 {chance:.1f} 条出于偶然。", f"{en}, of which about {chance:.1f} may be chance."
        )


def decide(tests: Iterable[Flag], *, rate: float = FALSE_DISCOVERIES) -> Run:
    """Return the run with the false discovery rate held at `rate`; identities always remain.

    `tests` are all tests carried out, whatever they showed, most unusual first in the result.
    """
    every = list(tests)
    chance = [flag for flag in every if flag.p is not None]
    kept = benjamini_hochberg([flag.p for flag in chance if flag.p is not None], rate)
    found = [flag for flag, keep in zip(chance, kept, strict=True) if keep]
    found.sort(key=lambda flag: flag.p or 0.0)
    certain = [flag for flag in every if flag.p is None]
    return Run(len(every), (*certain, *found), rate)


def is_worth_running(confirmed: int, verdicts: int) -> bool:
    """Return whether reviewers confirm enough of a test's findings for it to go on.

    A test is given `VERDICTS` findings before it is judged, and must then be right in one of five.
    """
    return verdicts < VERDICTS or confirmed >= LEAST_CONFIRMED * verdicts


def benjamini_hochberg(p_values: Sequence[float], rate: float) -> Mask:
    """Return which hypotheses are rejected at this false discovery rate. Source: Benjamini & Hochberg (1995)."""
    values = np.asarray(p_values, dtype=float)
    if not len(values):
        return np.zeros(0, dtype=bool)
    order = np.argsort(values)
    passed = values[order] <= rate * np.arange(1, len(values) + 1) / len(values)
    last = int(np.flatnonzero(passed).max()) if passed.any() else -1
    rejected = np.zeros(len(values), dtype=bool)
    rejected[order[: last + 1]] = True
    return rejected


def modified_z(values: Floats) -> Floats:
    """Return 0.6745 (x - median) / MAD; 0 where the MAD is zero. Source: Iglewicz & Hoaglin (1993)."""
    middle = np.median(values)
    spread = float(np.median(np.abs(values - middle)))
    return np.zeros_like(values) if spread == 0 else 0.6745 * (values - middle) / spread


def two_sided(z: float, units: int) -> float:
    """Return the chance that an honest value among this many peers has a modified z at least this large.

    Median and MAD of few peers are uncertain themselves: the tail is that of t with 0.425 n + 0.6 degrees of freedom,
    fitted to 40,000 simulated normal cohorts of each of 8 to 120 units between the 5 % and the 0.2 % tail.
    """
    freedom = 0.425 * units + 0.6
    # Source: Wallace (1959), the normal deviate of t.
    deviate = sqrt(freedom * log1p(z * z / freedom)) * (8 * freedom + 1) / (8 * freedom + 3)
    return 1 - erf(deviate / sqrt(2))
