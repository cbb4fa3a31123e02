"""Test values of a rule as people type them, and the sheet they make."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from changai.core.checks.kinds import AgainstLedger, Kind
from changai.core.checks.rules import Rule, findings
from changai.core.checks.sheets import Ledger, Reading, Row, Sheet
from changai.core.periods import Month

# Any month with room before it in its year: only the order and the year count.
_MONTH = Month(2026, 12)
LISTED = frozenset({"past", "peers", "below", "parts"})


class NotACase(ValueError):
    """A test value that is no number; the text is the Chinese sentence that says which."""


def sheet_of(kind: Kind, case: Mapping[str, str]) -> Sheet:
    """Return the sheet that test values make; what is left empty is absent. Lists are separated by blanks or commas.

    :raises NotACase: when one is no number
    """
    given: dict[str, dict[str, list[Decimal]]] = defaultdict(dict)
    for asked in kind.inputs:
        numbers = _numbers(case.get(asked.role, ""))
        if asked.what in LISTED:
            given[asked.what][asked.codes[0]] = numbers
        else:
            # A side of a comparison: its figures in their order, the last ones absent when fewer were typed.
            given[asked.what] |= {code: [number] for code, number in zip(asked.codes, numbers, strict=False)}
    source = kind.source if isinstance(kind, AgainstLedger) else ""
    figures = {
        code: Reading(
            name=code,
            value=_first(given["value"].get(code)),
            parts=tuple((f"分项{place}", part) for place, part in enumerate(given["parts"].get(code, ()), 1)),
            ledgers=_ledgers(source, given["ledger"].get(code)),
        )
        for code in kind.reads
    }
    past = _rows(given["past"] or given["last"])
    months = [_MONTH.plus(place - len(past)) for place in range(len(past))]
    return Sheet(
        figures=figures,
        month=_MONTH,
        past=tuple(Row(month.label, values, month) for month, values in zip(months, past, strict=True)),
        peers=tuple(Row(f"单位{place}", values) for place, values in enumerate(_rows(given["peers"]), 1)),
        below=tuple(Row(f"下级{place}", values) for place, values in enumerate(_rows(given["below"]), 1)),
    )


def speaks(rule: Rule, case: Mapping[str, str]) -> bool:
    """Return whether the rule finds something under these test values, whatever days it is in force.

    :raises NotACase: when a test value is no number
    """
    sheet = sheet_of(rule.kind, case)
    always = Rule(rule.code, rule.name, rule.severity, rule.kind, rule.sentence)
    return bool(findings([always], sheet))


def _rows(columns: Mapping[str, list[Decimal]]) -> list[dict[str, Decimal | None]]:
    """Return the lists side by side as rows; the shorter ones end in absent values."""
    length = max((len(column) for column in columns.values()), default=0)
    return [
        {code: column[place] if place < len(column) else None for code, column in columns.items()}
        for place in range(length)
    ]


def _ledgers(source: str, values: list[Decimal] | None) -> dict[str, Ledger]:
    return {source: Ledger(values[0])} if source and values else {}


def _first(values: list[Decimal] | None) -> Decimal | None:
    return values[0] if values else None


def _numbers(typed: str) -> list[Decimal]:
    found = []
    for word in typed.replace("，", " ").replace(",", " ").replace("、", " ").split():
        try:
            number = Decimal(word)
        except InvalidOperation:
            raise NotACase(f"检验值“{word[:20]}”不是数字。") from None
        if not number.is_finite() or abs(number) >= Decimal(10) ** 14:
            raise NotACase(f"检验值“{word[:20]}”超出可填范围。")
        found.append(number)
    return found
