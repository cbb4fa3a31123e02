"""A short series of values as a line to look at."""

from collections.abc import Sequence
from decimal import Decimal


def spark_points(values: Sequence[Decimal | None], *, width: int, height: int) -> list[tuple[int, int]]:
    """Return the places of the values in a box, oldest left, the greatest on top; a gap is left out.

    All values alike lie in the middle.
    """
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    step = Decimal(width) / max(len(values) - 1, 1)
    return [
        (int(step * place), _height(value, low, high, height))
        for place, value in enumerate(values)
        if value is not None
    ]


def _height(value: Decimal, low: Decimal, high: Decimal, height: int) -> int:
    if low == high:
        return height // 2
    return int(height - (value - low) / (high - low) * height)
