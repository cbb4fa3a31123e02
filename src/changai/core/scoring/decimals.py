"""Exact numbers: how a figure is read from text and written back."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
# As long as a decimal may be: a longer one is no figure of a notice, and would not fit a float.
_QUOTIENT = re.compile(r"[+-]?\d{1,20}/[1-9]\d{0,19}")
_LONGEST = 40


class NotANumber(ValueError):
    """The text is not a finite decimal number."""


def to_decimal(value: object) -> Decimal:
    """Return `value` as an exact decimal.

    Text may carry full-width digits. A binary float is read by its shortest decimal form, as a spreadsheet
    shows it.

    :raises NotANumber: for anything that is not a finite plain decimal (percent signs, separators, NaN,
    truth values).
    """
    if isinstance(value, bool) or value is None:
        raise NotANumber(repr(value))
    if isinstance(value, Decimal):
        return _finite(value)
    if isinstance(value, int):
        return _finite(Decimal(value))
    if isinstance(value, float):
        return _finite(Decimal(repr(value)))
    text = str(value)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.strip()
    if len(text) > _LONGEST or not _DECIMAL.fullmatch(text):
        raise NotANumber(repr(value))
    return Decimal(text)


def to_number(value: object) -> Fraction:
    """Return `value` as an exact fraction; besides decimals, text such as "1/3" is read.

    :raises NotANumber: as `to_decimal`.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", value).strip()
        if _QUOTIENT.fullmatch(text):
            return Fraction(text)
    return Fraction(to_decimal(value))


def write_number(number: Fraction) -> str:
    """Return the shortest text that `to_number` reads back as the same number."""
    numerator, denominator = number.as_integer_ratio()
    places = _places_of(denominator)
    if places is None:
        return f"{numerator}/{denominator}"
    return fixed(numerator * 10**places // denominator, places)


def decimal_places(number: Fraction) -> int | None:
    """Return how many decimal places `number` needs, or None when no finite number of places is enough."""
    return _places_of(number.denominator)


@lru_cache(maxsize=4096)
def _places_of(denominator: int) -> int | None:
    rest = denominator
    twos = (rest & -rest).bit_length() - 1
    rest >>= twos
    fives = 0
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    return max(twos, fives) if rest == 1 else None


def fixed(units: int, places: int) -> str:
    """Return `units` of 10^-places as a plain decimal with exactly `places` decimals."""
    if places == 0:
        return str(units)
    whole, rest = divmod(abs(units), 10**places)
    return f"{'-' if units < 0 else ''}{whole}.{rest:0{places}d}"


def half_up(number: Fraction) -> int:
    """Return the integer nearest to `number`, halves away from zero."""
    rounded = math.floor(abs(number) + Fraction(1, 2))
    return -rounded if number < 0 else rounded


def show(number: Fraction, places: int = 6) -> str:
    """Return `number` for a sentence: exact when `places` decimals suffice, else half-up to two decimals."""
    return _shown(*number.as_integer_ratio(), places)


# Sentences name the same full marks, steps and counts again and again; two integers are cheaper to look up
# than a fraction.
@lru_cache(maxsize=16_384)
def _shown(numerator: int, denominator: int, places: int) -> str:
    needed = _places_of(denominator)
    if needed is not None and needed <= places:
        return fixed(numerator * 10**needed // denominator, needed)
    hundredths = (200 * abs(numerator) + denominator) // (2 * denominator)
    return _shortened(-hundredths if numerator < 0 else hundredths)


def _shortened(hundredths: int) -> str:
    return fixed(hundredths, 2).rstrip("0").rstrip(".")


def is_shown_exactly(number: Fraction, places: int = 6) -> bool:
    """Return whether `show` writes the number itself and not a rounded one."""
    needed = decimal_places(number)
    return needed is not None and needed <= places


def _finite(value: Decimal) -> Decimal:
    # Written out, 1e999999999 would fill the memory.
    if not value.is_finite() or value.adjusted() > _LONGEST or value.adjusted() < -_LONGEST:
        raise NotANumber(str(value))
    if len(value.as_tuple().digits) > _LONGEST:
        raise NotANumber(str(value))
    return value
