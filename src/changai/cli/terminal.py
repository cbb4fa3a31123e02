"""What commands read from and write to a terminal."""

from __future__ import annotations

import argparse
import sys
from typing import Any


def positive(text: str) -> int:
    """Return the whole number above 0 an argument gives.

    :raises argparse.ArgumentTypeError: when it is below 1
    """
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def write_out(text: str) -> None:
    """Write a text and a line end to standard output as UTF-8, whatever the console's own encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.buffer.flush()


def decimal_text(value: Any) -> str:
    """Return a computed number as decimal text with up to twelve decimals, trailing zeros left out."""
    text = f"{float(value):.12f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text
