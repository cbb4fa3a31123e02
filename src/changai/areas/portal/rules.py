"""How suggestions are numbered and how many are taken at once."""

import hashlib
import hmac
import secrets
import unicodedata
from datetime import date, timedelta

SHORTEST, LONGEST, LONGEST_ANSWER = 5, 2000, 1000
WINDOW = timedelta(hours=1)
FROM_ONE_ADDRESS = 5  # in the window
ALTOGETHER = 200
ORIGIN_KEPT = timedelta(days=1)

_MARKS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no 0 O 1 I, which people mistake


def new_number() -> str:
    """Return a number nobody can guess, such as `K7M3-Q9XT-2PVB`."""
    marks = "".join(secrets.choice(_MARKS) for _ in range(12))
    return "-".join((marks[:4], marks[4:8], marks[8:]))


def folded_number(written: str) -> str:
    """Return a number as it is stored, whatever the width, case and gaps it was typed with."""
    marks = "".join(mark for mark in unicodedata.normalize("NFKC", written).upper() if mark in _MARKS)
    return "-".join((marks[:4], marks[4:8], marks[8:12]))


def origin_of(key: bytes, address: str, day: date) -> str:
    """Return a digest that tells two suggestions of one address on one day together, and nothing else."""
    return hmac.new(key, f"{day.isoformat()} {address}".encode(), hashlib.sha256).hexdigest()


def text_fault(text: str) -> str:
    """Return why a text is not taken, or nothing."""
    if SHORTEST <= len(text) <= LONGEST:
        return ""
    return f"请写明意见建议，{SHORTEST}—{LONGEST} 个字。"
