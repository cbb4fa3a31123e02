"""Cell addresses: B7 is row 7, column 2."""

import re
from functools import cache

_ADDRESS = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")


@cache
def column_letters(column: int) -> str:
    """Return the letters of the column counted from 1: 1 is A, 27 is AA."""
    letters = ""
    while column > 0:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def split_address(address: str) -> tuple[int, int]:
    """Return (row, column), both counted from 1.

    :raises ValueError: when it is no address
    """
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise ValueError(f"not a cell address: {address!r}")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column
