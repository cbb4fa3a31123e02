"""What a workbook's stored number means: an exact decimal, or the date its format makes of it."""

import re
from datetime import datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from xml.etree.ElementTree import Element

_NUMBER = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,400})?(?:[Ee][+-]?[0-9]{1,3})?|-?\.[0-9]{1,400}")
_HELD_DIGITS = 15
_HELD = Context(prec=_HELD_DIGITS)
_LARGEST_EXPONENT = 308
_BUILT_IN = {9: "0%", 10: "0.00%"}
_BUILT_IN_DATES = frozenset([*range(14, 18), 22, *range(27, 37), *range(50, 59)])
# [h] counts hours and stays; other brackets hold colours and locales.
_LITERAL = re.compile(r'"[^"]*"|\[(?![HhMmSs]+\])[^\]]*\]|\\.|_.|\*.')
_LAST_SERIAL = 2_958_465
LOST_DIGITS = "数字超过 15 位，末几位已丢失"


def exact_number(stored: str) -> Decimal | None:
    """Return the number a workbook stores as text, or None when it is none (NaN, INF, 1e999).

    Spreadsheets hold 15 digits but write up to 17 (1.1 is stored as 1.1000000000000001): what is beyond the
    15th is the binary form's rest and not what anybody typed, so it is rounded away.
    """
    if not _NUMBER.fullmatch(stored):
        return None
    try:
        number = Decimal(stored)
    except InvalidOperation:
        return None
    if number and abs(number.adjusted()) > _LARGEST_EXPONENT:
        return None
    if len(number.as_tuple().digits) > _HELD_DIGITS:
        number = _HELD.create_decimal(number)
    return number.normalize(_HELD) if number else Decimal(0)


class Formats:
    """The number formats of a workbook by style number."""

    def __init__(self, styles: Element | None, *, starts_1904: bool) -> None:
        self._starts_1904 = starts_1904
        codes: dict[int, str] = {}
        self._styles: list[tuple[bool, str]] = []
        found = list(styles) if styles is not None else []
        for group in found:
            if group.tag.endswith("}numFmts"):
                codes.update({_int(item.get("numFmtId", "")): item.get("formatCode", "") for item in group})
        for group in found:
            if group.tag.endswith("}cellXfs"):
                self._styles = [_style(_int(item.get("numFmtId", "")), codes) for item in group]

    def interpreted(self, number: Decimal, style: str) -> tuple[str, str, str, str]:
        """Return (kind, text, format, note): a number, or the day or moment its format makes of it."""
        at = _int(style)
        is_date, code = self._styles[at] if 0 <= at < len(self._styles) else (False, "")
        if not is_date:
            note = LOST_DIGITS if number.adjusted() >= _HELD_DIGITS else ""
            return "number", format(number, "f"), code, note
        if not self._starts_1904 and 60 <= number < 61:
            return "error", "1900年2月29日", code, "日期不存在"
        moment = self._moment(number)
        if moment is None:
            return "error", format(number, "f"), code, "日期超出范围"
        if number == number.to_integral_value():
            return "date", moment.date().isoformat(), code, ""
        return "moment", moment.isoformat(), code, ""

    def _moment(self, serial: Decimal) -> datetime | None:
        if not 0 < serial <= _LAST_SERIAL:
            return None
        # Excel counts a 29 February 1900 that never was. A sheet's date has no zone.
        first = (1904, 1, 1) if self._starts_1904 else (1899, 12, 31 if serial < 60 else 30)
        origin = datetime(*first)  # noqa: DTZ001
        try:
            return origin + timedelta(seconds=int((serial * 86_400).to_integral_value()))
        except OverflowError:
            return None


def _style(number: int, codes: dict[int, str]) -> tuple[bool, str]:
    code = codes.get(number, _BUILT_IN.get(number, ""))
    if code == "General":
        code = ""
    return number in _BUILT_IN_DATES or _is_date(code), code


def _is_date(code: str) -> bool:
    """Return whether a format code shows a day or month; a bare clock time stays a number."""
    letters = _LITERAL.sub("", code.partition(";")[0]).lower()
    if "general" in letters or ("y" not in letters and re.search("[0#?]", letters)):
        return False
    return bool(re.search("[yde]", letters)) or ("m" in letters and not re.search("[hs]", letters))


def _int(written: str) -> int:
    return int(written) if re.fullmatch("[0-9]{1,6}", written) else -1
