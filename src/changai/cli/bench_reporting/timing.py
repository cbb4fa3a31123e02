"""Clocks and tables of the measurement."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Times:
    """Milliseconds of one kind of step."""

    name: str
    taken: list[float] = field(default_factory=list)

    @contextmanager
    def step(self) -> Iterator[None]:
        """Time one step."""
        start = time.perf_counter()
        yield
        self.taken.append((time.perf_counter() - start) * 1000)

    def percentile(self, percent: float) -> float:
        """Return the time that so many percent of the steps stayed within (nearest rank)."""
        ordered = sorted(self.taken)
        return ordered[max(1, math.ceil(percent / 100 * len(ordered))) - 1]

    @property
    def mean(self) -> float:
        return sum(self.taken) / len(self.taken)

    def line(self, bare: Times | None = None) -> str:
        """Return the row of the table; with the ratio of means to the bare write of the same rows."""
        numbers = "".join(f"{self.percentile(percent):>10.1f}" for percent in (50, 95, 99))
        ratio = f"{self.mean / bare.mean:>9.1f}x" if bare else ""
        return f"{self.name:<46}{len(self.taken):>7}{numbers}{ratio}"


@contextmanager
def counted() -> Iterator[list[int]]:
    """Yield a list whose one number is how many statements were sent meanwhile.

    Django's own record of statements writes each out with its values, which costs more than the work measured.
    """
    from django.db import connection

    told = [0]

    def count(execute: Callable[..., Any], *sent: Any) -> Any:
        told[0] += 1
        return execute(*sent)

    with connection.execute_wrapper(count):
        yield told


HEAD = f"{'milliseconds':<46}{'n':>7}{'p50':>10}{'p95':>10}{'p99':>10}{'x bare':>10}"


def best_of(rounds: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the least milliseconds of several rounds, and what the last one gave."""
    best, outcome = float("inf"), None
    for _ in range(rounds):
        start = time.perf_counter()
        outcome = work()
        best = min(best, (time.perf_counter() - start) * 1000)
    return best, outcome
