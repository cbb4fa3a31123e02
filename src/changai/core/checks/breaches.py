"""What a kind of rule finds on a sheet, before a rule gives it its severity and its sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from changai.core.checks.sheets import Entry

SIGN_WORDS = {"=": "应等于", "<=": "不应大于", "<": "应小于", ">=": "不应小于", ">": "应大于"}


@dataclass(frozen=True)
class Input:
    """One field of a test case: `role` names it, `what` is it (`value`, `last`, `past` …), of which figures."""

    role: str
    what: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Breach:
    """A figure that breaks a rule, the named values its sentence may use, and the rows behind it."""

    figure: str
    values: Mapping[str, str]
    entries: tuple[Entry, ...] = ()


def written(value: Decimal | None, *, decimals: int | None = None) -> str:
    """Return a figure as people write it: no trailing zeros, no exponent, nothing for None."""
    if value is None:
        return ""
    if decimals is not None:
        value = round(value, decimals)
    return f"{value.normalize():f}" if value else "0"
