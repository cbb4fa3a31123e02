"""Pure decisions about figures: what may be accepted, how months are gathered, where an origin opens."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

REPORTED = "REPORTED"
NOT_REPORTED = "NOT_REPORTED"
NOT_APPLICABLE = "NOT_APPLICABLE"

TRUTH = "是/否"  # the unit of measure of a figure that is 1 or 0
LARGEST = Decimal(10) ** 14  # what the column of values holds

# The kind of record a figure comes from -> the page that opens it, given the record's id.
ORIGIN_PAGES: dict[str, str] = {
    "reporting.report": "reporting:report",
    "reporting.record": "reporting:record",
    "reporting.correction": "reporting:correction",
    "facts.history": "facts:history_import",
}


@dataclass(frozen=True)
class FactInput:
    """One figure to accept. `value` is given exactly when `status` is REPORTED."""

    field_id: int
    value: Decimal | None
    status: str = REPORTED
    # Category -> value of a figure told apart; zero parts are left out.
    parts: tuple[tuple[int, Decimal], ...] = ()

    @property
    def is_sound(self) -> bool:
        if self.parts and sum(value for _category, value in self.parts) != self.value:
            return False
        return (self.value is not None) == (self.status == REPORTED)


@dataclass(frozen=True)
class MonthFigure:
    """One accepted figure as gathering needs it; `fact_id` leads back to it."""

    fact_id: int
    value: Decimal | None
    status: str


@dataclass(frozen=True)
class Gathered:
    """A figure over several months, and the facts it was gathered from."""

    value: Decimal | None
    status: str
    fact_ids: tuple[int, ...]


def gather(gathering: str, figures: Iterable[MonthFigure]) -> Gathered:
    """Return one figure for a run of months given in their order.

    `sum` adds the reported months; `last` takes the last reported one. Months without a report add nothing:
    only when no month was reported is the whole not reported, or not applicable when every month was.
    """
    months = list(figures)
    reported = [figure for figure in months if figure.value is not None and figure.status == REPORTED]
    if not reported:
        return Gathered(None, _status_without_value(months), tuple(figure.fact_id for figure in months))
    if gathering == "last":
        return Gathered(reported[-1].value, REPORTED, (reported[-1].fact_id,))
    total = sum((figure.value for figure in reported if figure.value is not None), Decimal(0))
    return Gathered(total, REPORTED, tuple(figure.fact_id for figure in reported))


def _status_without_value(months: Sequence[MonthFigure]) -> str:
    statuses = {figure.status for figure in months}
    return statuses.pop() if len(statuses) == 1 else NOT_REPORTED


# How many months one asking covers.
SPANS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def is_asked_in(frequency: str, month_number: int) -> bool:
    """Return whether a figure of that frequency is asked for a month: the last one of its span."""
    return month_number % SPANS[frequency] == 0


def differs(
    value: Decimal | None, status: str, given: FactInput, *, parts: Iterable[tuple[int, Decimal]] = ()
) -> bool:
    """Return whether a figure to accept says something else than the one in force."""
    return status != given.status or value != given.value or dict(parts) != dict(given.parts)


def range_fault(minimum: Decimal | None, maximum: Decimal | None) -> str:
    """Return what is wrong with a field's range, or nothing."""
    if minimum is not None and maximum is not None and minimum > maximum:
        return "最小值不能大于最大值。"
    return ""


class NotAFigure(ValueError):
    """What was typed cannot be the figure; the text is the sentence that says why."""


def typed_figure(
    typed: str, *, decimals: int, minimum: Decimal | None, maximum: Decimal | None
) -> Decimal | None:
    """Return the figure typed into a cell, None when it is empty; full-width digits and separators are read.

    :raises NotAFigure: when it is no number, too fine, or out of the field's range
    """
    plain = unicodedata.normalize("NFKC", typed).replace(",", "").replace(" ", "")
    if not plain:
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise NotAFigure(f"“{typed.strip()[:20]}”不是数字，请只填数字。") from None
    if not value.is_finite() or abs(value) >= LARGEST:
        raise NotAFigure(f"“{typed.strip()[:20]}”超出可填范围。")
    check_size(value, decimals=decimals, minimum=minimum, maximum=maximum)
    return value


def check_size(value: Decimal, *, decimals: int, minimum: Decimal | None, maximum: Decimal | None) -> None:
    """Let a value pass that is no finer than `decimals` and lies within the range of its field.

    :raises NotAFigure: otherwise
    """
    plain = written(value)
    if round(value, decimals) != value:
        raise NotAFigure(f"“{plain}”{f'最多保留 {decimals} 位小数' if decimals else '应为整数'}。")
    if minimum is not None and value < minimum:
        raise NotAFigure(f"不应小于 {written(minimum)}，现为 {plain}。")
    if maximum is not None and value > maximum:
        raise NotAFigure(f"不应大于 {written(maximum)}，现为 {plain}。")


def range_of(
    unit_of_measure: str, minimum: Decimal | None, maximum: Decimal | None
) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and the greatest figure a field takes."""
    return (Decimal(0), Decimal(1)) if unit_of_measure == TRUTH else (minimum, maximum)


def written(value: Decimal | None) -> str:
    """Return a figure as it stands in a cell: no trailing zeros, nothing for None."""
    if value is None:
        return ""
    return f"{value.normalize():f}" if value else "0"
