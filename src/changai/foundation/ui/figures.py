"""Figures, dates and periods as people read them. Pure: no template, no request."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from changai.core.periods import Month

ABSENT = "—"
Figure = Decimal | int | float | str | None


def written_number(value: Figure, decimals: int | None = None) -> str:
    """Return the figure with thousands separators, rounded half-up to `decimals`, or as exact as it is.

    None and the empty string are `—`; a text that is no number is returned as it is.
    """
    if value is None or value == "":
        return ABSENT
    try:
        # repr of a float is the shortest text that reads back as the same float
        exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    except InvalidOperation:
        return str(value)
    if not exact.is_finite():
        return ABSENT
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    elif isinstance(value, float):
        exact = exact.quantize(Decimal("1e-9"), ROUND_HALF_UP).normalize()
    if exact.is_zero():
        exact = abs(exact)
    return f"{exact:,f}"


def written_percent(ratio: Figure, decimals: int = 1) -> str:
    """Return a ratio (1 is the whole) as a percentage, such as `85.3%`; `—` for None."""
    if ratio is None or ratio == "":
        return ABSENT
    exact = Decimal(repr(ratio)) if isinstance(ratio, float) else Decimal(ratio)
    return written_number(exact * 100, decimals) + "%"


def written_share(part: int | None, whole: int | None, decimals: int = 1) -> str:
    """Return the share of `part` in `whole` as a percentage; `—` when there is no whole."""
    if part is None or not whole:
        return ABSENT
    return written_percent(Decimal(part) / Decimal(whole), decimals)


def written_points(hundredths: int | None) -> str:
    """Return points kept as whole hundredths, such as 1250 as `12.50`; `—` for None."""
    return ABSENT if hundredths is None else written_number(Decimal(hundredths) / 100, 2)


def written_day(day: date | datetime | None) -> str:
    """Return a date as `2026年10月31日` (31 October 2026), a moment as its local day; `—` for None."""
    if not day:
        return ABSENT
    local = timezone.localtime(day) if isinstance(day, datetime) and timezone.is_aware(day) else day
    return dateformat.format(local, _("Y年n月j日"))


def written_moment(moment: datetime | None) -> str:
    """Return a moment as `2026年10月31日 09:05` in the local time zone; `—` for None."""
    if not moment:
        return ABSENT
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{written_day(local)} {local:%H:%M}"


def written_month(month: Month | date | str | None) -> str:
    """Return a month, a date in it or `2026-10` as `2026年10月` (`October 2026`); `—` for None."""
    if not month:
        return ABSENT
    if isinstance(month, str):
        month = Month.parse(month[:7])
    return dateformat.format(month.first_on if isinstance(month, Month) else month, _("Y年n月"))


def written_deadline(due_on: date | None, today: date) -> str:
    """Return how far a deadline is: `还有 3 天`, `今天到期`, `逾期 2 天`; empty for None."""
    if due_on is None:
        return ""
    days = (due_on - today).days
    if days == 0:
        return _("今天到期")
    told = (
        ngettext("还有 %(days)d 天", "还有 %(days)d 天", days)
        if days > 0
        else ngettext("逾期 %(days)d 天", "逾期 %(days)d 天", -days)
    )
    return told % {"days": abs(days)}


def written_size(size_bytes: int | None) -> str:
    """Return a file size as `820 B`, `12.4 KB`, `3.1 MB`; `—` for None."""
    if size_bytes is None:
        return ABSENT
    if size_bytes < 1024:
        return f"{size_bytes} B"
    unit, scale = ("KB", 1024) if size_bytes < 1024**2 else ("MB", 1024**2)
    return f"{written_number(Decimal(size_bytes) / scale, 1)} {unit}"
