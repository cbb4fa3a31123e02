"""Composition quotas of a list of names (名额结构比例), and where a list of ranked units may be cut.

A share is compared exactly, as whole numbers: 393 of 694 is at least 55 % because 393 * 100 >= 55 * 694. The number of
people it comes to is stated with its rounding: at least -> rounded up, at most -> rounded down.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor


@dataclass(frozen=True, slots=True)
class Quota:
    """One line of the composition: of the list, or of those in `base`, a share in `group`, in percent."""

    group: str
    least_percent: Fraction | None = None
    most_percent: Fraction | None = None
    base: str = ""

    def __post_init__(self) -> None:
        """:raises ValueError: without a bound, outside 0 to 100, or with the bounds the wrong way round."""
        bounds = [bound for bound in (self.least_percent, self.most_percent) if bound is not None]
        if not bounds or any(not 0 <= bound <= 100 for bound in bounds) or bounds != sorted(bounds):
            raise ValueError(f"quota of {self.group!r} has no sound bounds")


@dataclass(frozen=True, slots=True)
class QuotaFinding:
    """What a list comes to under one quota: how many are in the group, of how many, and how many there may be."""

    quota: Quota
    count: int
    of: int
    least: int
    most: int

    @property
    def is_met(self) -> bool:
        """Return whether the list keeps the quota; an empty base keeps every one."""
        return self.least <= self.count <= self.most

    @property
    def share_percent(self) -> Fraction | None:
        """Return the share in percent, None of an empty base."""
        return Fraction(self.count * 100, self.of) if self.of else None

    @property
    def sentence(self) -> str:
        """Return the Chinese sentence: the share, the bound, and how many more or fewer it takes."""
        among = f"“{self.quota.base}”{self.of} 人中" if self.quota.base else f"{self.of} 人中"
        if self.share_percent is None:
            return f"{among}没有可比对的人选，“{self.quota.group}”比例不作比较。"
        told = f"{among}“{self.quota.group}”{self.count} 人，占 {_percent(self.share_percent)}%，{self._bounds()}"
        if self.count < self.least:
            return (
                f"{told}，还差 {self.least - self.count} 人（应不少于 {self.least} 人，不足一人按一人计）。"
            )
        if self.count > self.most:
            return (
                f"{told}，超出 {self.count - self.most} 人（应不多于 {self.most} 人，不足一人的部分不计）。"
            )
        return f"{told}，符合要求。"

    def _bounds(self) -> str:
        least, most = self.quota.least_percent, self.quota.most_percent
        told = [f"要求不低于 {_percent(least)}%"] if least is not None else []
        told += [f"要求不高于 {_percent(most)}%"] if most is not None else []
        return "，".join(told)


def judged_count(quota: Quota, count: int, of: int) -> QuotaFinding:
    """Return what `count` people of `of` come to under a quota."""
    least = 0 if quota.least_percent is None else ceil(quota.least_percent * of / 100)
    most = of if quota.most_percent is None else floor(quota.most_percent * of / 100)
    return QuotaFinding(quota, count, of, least, most)


def check_quotas(quotas: Sequence[Quota], slate: Sequence[Collection[str]]) -> list[QuotaFinding]:
    """Return one finding for each quota; `slate` has, for each person, the groups the person belongs to."""
    found = []
    for quota in quotas:
        among = [groups for groups in slate if not quota.base or quota.base in groups]
        count = sum(quota.group in groups for groups in among)
        found.append(judged_count(quota, count, len(among)))
    return found


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a list of ranked units is cut: those in it, and the sentence when units level at the edge decide it."""

    chosen: tuple[str, ...]
    sentence: str


def cut_at(ranked: Sequence[tuple[str, int]], places: int) -> Cut:
    """Return the first `places` of (name, rank), best first; units level at the edge are never parted.

    All of them stay out where they do not fit together, and the sentence says who and why.

    :raises ValueError: for fewer than no places
    """
    if places < 0:
        raise ValueError("fewer than no places")
    ordered = sorted(ranked, key=lambda row: row[1])
    if len(ordered) <= places:
        return Cut(tuple(name for name, _ in ordered), "")
    edge = ordered[places][1]
    inside = tuple(name for name, rank in ordered if rank < edge)
    level = [name for name, rank in ordered if rank == edge]
    if len(inside) == places:
        return Cut(inside, "")
    left = places - len(inside)
    return Cut(
        inside,
        f"{'、'.join(level)}并列第 {edge} 名，名额只余 {left} 个，并列的一并不列入；"
        "确需列入的，请调整名额或经集体研究确定，并写明依据。",
    )


def _percent(share: Fraction) -> str:
    """Return a share with two decimals, cut off and not rounded, so that 54.999 never reads as 55."""
    hundredths = share * 100
    whole = hundredths.numerator // hundredths.denominator
    return f"{whole // 100}.{whole % 100:02d}".rstrip("0").rstrip(".")
