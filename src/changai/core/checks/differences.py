"""Which rows make the difference between a figure and its ledger."""

from decimal import Decimal
from itertools import combinations

from changai.core.checks.sheets import Entry, Ledger

# More rows, or more at once, would offer chance matches and cost seconds.
MOST_ROWS, MOST_TOGETHER = 30, 3


def behind(difference: Decimal, ledger: Ledger) -> tuple[Entry, ...]:
    """Return the rows that make up a figure minus its ledger exactly, the fewest rows first.

    A figure above the ledger holds rows the ledger leaves out; one below it lacks rows the ledger counts. When no few
    rows make the difference exactly, the rows left out are returned for a figure above, and nothing for one below.
    """
    candidates = ledger.left_out if difference > 0 else ledger.counted
    found = _making(abs(difference), candidates[:MOST_ROWS])
    if found or difference < 0:
        return found
    return tuple(ledger.left_out)


def _making(amount: Decimal, rows: tuple[Entry, ...]) -> tuple[Entry, ...]:
    for together in range(1, MOST_TOGETHER + 1):
        for chosen in combinations(rows, together):
            if sum((row.value for row in chosen), Decimal(0)) == amount:
                return chosen
    return ()
