"""Clean values out of cells, or one Chinese sentence: where, what was found and expected, how to mend it.

Every `parse_…` takes a `Cell` or what a person typed into a grid. Empty is None and never zero; whether a
value is required is the caller's question. Marks for "nothing" (无, /, —) are refused, because they may mean
zero or unknown.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NoReturn

from changai.core.errors import Invalid
from changai.core.periods import Month
from changai.documents.characters import printable
from changai.documents.intake.numberformats import LOST_DIGITS
from changai.documents.intake.numerals import from_chinese
from changai.documents.intake.workbook import Cell, Value

# Between two digits a blank stays: "3 5" are two figures and not 35.
_BLANKS = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")
_FIGURE = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,40})(?:\.[0-9]{1,20})?")
_NOTHING = frozenset(
    [
        "无",
        "没有",
        "空",
        "/",
        "\\",
        "-",
        "--",
        "—",
        "——",
        "－",
        "n/a",
        "na",
        "null",
        "none",
        "nan",
        "暂无",
        "未统计",
    ]
)
_LONGEST_SHOWN = 30
_LARGEST = Decimal(10) ** 15
_YEAR, _MONTH, _DAY = "(?P<year>[12][0-9]{3})", "(?P<month>[0-9]{1,2})", "(?P<day>[0-9]{1,2})"
_MONTHS = tuple(
    re.compile(form)
    for form in (
        rf"{_YEAR}年{_MONTH}月份?",
        rf"{_YEAR}[-./]{_MONTH}",
        r"(?P<year>[12][0-9]{3})(?P<month>[0-9]{2})",
    )
)
_CHINESE_MONTH = re.compile("([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月份?")
_DATES = tuple(
    re.compile(form)
    for form in (
        rf"{_YEAR}年{_MONTH}月{_DAY}日",
        rf"{_YEAR}-{_MONTH}-{_DAY}(?:[T ]00:00(?::00)?)?",
        rf"{_YEAR}[./]{_MONTH}[./]{_DAY}",
        r"(?P<year>[12][0-9]{3})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
    )
)
_CHINESE_DATE = re.compile(
    "([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)

_TOTAL = re.compile(
    r"(?:本页|本表|全县|全市|全区|各单位)?(?:合计|总计|小计|共计|累计)(?:数)?[::]?|total|sum", re.IGNORECASE
)

Given = Cell | Value | int


class CellFault(Invalid):
    """One cell that cannot be taken as it is. `sentence` is for people."""

    code = "cell"

    def __init__(self, sheet: str, address: str, found: str, expected: str, advice: str) -> None:
        self.sheet, self.address, self.found, self.expected, self.advice = (
            sheet,
            address,
            found,
            expected,
            advice,
        )
        super().__init__(self._sentence(), sheet=sheet, address=address)

    def _sentence(self) -> str:
        where = (f"工作表“{self.sheet}”" if self.sheet else "") + (
            f"{self.address} 单元格" if self.address else ""
        )
        shown = printable(self.found)
        if len(shown) > _LONGEST_SHOWN:
            shown = shown[:_LONGEST_SHOWN] + "…"
        return f"{where}{'：' if where else ''}填的是“{shown}”，应为{self.expected}。{self.advice}"


@dataclass(frozen=True)
class Place:
    """Where a value stands, for the refusal. A `Cell` brings its own address."""

    sheet: str = ""
    address: str = ""

    def refuse(self, found: str, expected: str, advice: str) -> NoReturn:
        """Refuse what was found here; :raises CellFault: always."""
        raise CellFault(self.sheet, self.address, found, expected, advice)


NOWHERE = Place()


def clean_text(given: Given, *, at: Place = NOWHERE, longest: int = 2000) -> str:
    """Return the text of a cell, trimmed and without invisible characters; "" when empty.

    :raises CellFault: for an error value, a formula without result, a number that lost digits, or more than
        `longest` characters
    """
    value, at = _opened(given, at, "文字")
    if isinstance(given, Cell) and given.note == LOST_DIGITS:
        at.refuse(given.text, "按文本填写的号码", "号码被存成数字，末几位已丢失，请把单元格设为文本后重填。")
    text = "\n".join(line.strip() for line in printable(_written(value)).split("\n")).strip()
    if len(text) > longest:
        at.refuse(text, f"不超过 {longest} 字的文字", f"现有 {len(text)} 字，请精简。")
    return text


def parse_decimal(
    given: Given,
    *,
    at: Place = NOWHERE,
    unit: str = "",
    minimum: Decimal | None = None,
    maximum: Decimal | None = None,
    places: int | None = None,
) -> Decimal | None:
    """Return the number in a cell, exactly; None when empty.

    Taken: full-width digits, numbers stored as text, 1,234 and 1，234, blanks around, ￥ with 元.
    With the unit %, the result counts per cent: 95%, ９５％, 95 and 0.95 shown as 95% are all 95; a bare
    number between -1 and 1 could be either and is refused.

    :param unit: the unit the figure is asked in, for the rule on % and the message
    :param places: how many decimals are allowed
    :raises CellFault: for anything else, and outside `minimum` and `maximum`
    """
    expected = f"数字（单位：{unit}）" if unit else "数字"
    value, at = _opened(given, at, expected)
    if value is None or (isinstance(value, str) and not _narrow(value)):
        return None
    found = _shown(given)
    if isinstance(value, (bool, date)):
        at.refuse(found, expected, "请只填数字。")
    if isinstance(value, str):
        number, is_percent = _figure(value, unit, at, expected)
    else:
        number, is_percent = Decimal(value), isinstance(given, Cell) and given.is_percent
        number = number * 100 if is_percent else number
    _refuse_percent(number, unit, found, at, is_percent=is_percent)
    _refuse_range(number, found, at, minimum=minimum, maximum=maximum, places=places)
    return number


def parse_month(given: Given, *, at: Place = NOWHERE) -> Month | None:
    """Return the month written 2026年10月, 2026-10, 202610 or 二〇二六年十月, or of a date; None when empty.

    :raises CellFault: for anything else
    """
    expected = "年月，如 2026年10月"
    value, at = _opened(given, at, expected)
    if isinstance(value, date):
        return Month(value.year, value.month)
    text = _narrow(_written(value))
    if not text:
        return None
    if isinstance(value, Decimal) and value != value.to_integral_value():
        at.refuse(
            _shown(given), expected, "2026.10 存成数字会变成 2026.1，请把单元格设为文本或写成 2026年10月。"
        )
    parts = _numbers(text, _MONTHS, _CHINESE_MONTH)
    if parts is None or not 1 <= parts[1] <= 12:
        at.refuse(_shown(given), expected, "请写明年份和月份。")
    return Month(parts[0], parts[1])


def parse_date(
    given: Given, *, at: Place = NOWHERE, earliest: date | None = None, latest: date | None = None
) -> date | None:
    """Return the day written 2026年10月25日, 2026-10-25 or 20261025, or a date cell's; None when empty.

    A number such as 46320 is refused: it may be a date that lost its format, or no date at all.

    :raises CellFault: for anything else, days that do not exist, and days before `earliest` or after `latest`
    """
    day = _day(given, at)
    at = Place(at.sheet, given.address) if isinstance(given, Cell) else at
    if day is not None and earliest is not None and day < earliest:
        at.refuse(_shown(given), f"不早于 {earliest.isoformat()} 的日期", "日期过早，请核对年份。")
    if day is not None and latest is not None and day > latest:
        at.refuse(_shown(given), f"不晚于 {latest.isoformat()} 的日期", "这一天还没有到，请核对。")
    return day


def _day(given: Given, at: Place) -> date | None:
    expected = "日期，如 2026年10月25日"
    value, at = _opened(given, at, expected)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _narrow(_written(value))
    if not text:
        return None
    parts = _numbers(text, _DATES, _CHINESE_DATE)
    try:
        return date(*parts) if parts else at.refuse(_shown(given), expected, _date_advice(text))
    except ValueError:
        at.refuse(_shown(given), expected, "这一天不存在，请核对。")


def _date_advice(text: str) -> str:
    if re.fullmatch("[0-9]{5}", text):
        return "可能是丢了格式的日期，请设为日期格式或写成 2026年10月25日。"
    if re.fullmatch(r"[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{2,4}", text):
        return "分不清年、月、日的次序，请写成 2026年10月25日。"
    return "请写明年、月、日。"


def parse_code(given: Given, *, digits: int, at: Place = NOWHERE) -> str:
    """Return a code of so many digits; "" when empty.

    :raises CellFault: when it has another length; a shorter one has most likely lost the zeros it began with
    """
    at = Place(at.sheet, given.address) if isinstance(given, Cell) else at
    code = _narrow(clean_text(given, at=at))
    if not code:
        return ""
    if re.fullmatch("[0-9]+", code) and len(code) < digits:
        at.refuse(code, f"{digits} 位编码", "前面的 0 可能被表格软件去掉了，请设为文本后重填。")
    if not re.fullmatch(f"[0-9]{{{digits}}}", code):
        at.refuse(code, f"{digits} 位编码", "请核对。")
    return code


def looks_like_total(text: str) -> bool:
    """Return whether a row called `text` looks like a sum of other rows and not like a row of its own."""
    return bool(_TOTAL.fullmatch(_narrow(text)))


def _opened(given: Given, at: Place, expected: str) -> tuple[Value | int, Place]:
    """Return what a cell holds and where, refusing errors and formulas without a result."""
    if not isinstance(given, Cell):
        return given, at
    at = Place(at.sheet, given.address)
    if given.error is not None:
        at.refuse(given.error, expected, "单元格是错误值，请改正公式或直接填写。")
    if given.value is None and given.formula is not None:
        at.refuse(given.text, expected, "公式未计算，请用 Excel 或 WPS 打开并保存后重新上传。")
    return given.value, at


def _shown(given: Given) -> str:
    return given.text if isinstance(given, Cell) else _written(given)


def _written(value: Value | int) -> str:
    return "" if value is None else Cell(value if not isinstance(value, int) else Decimal(value), "").text


def _narrow(text: str) -> str:
    """Return `text` half-width, without invisible characters, and blanks only between digits."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", printable(text)).replace("−", "-"))


def _figure(written: str, unit: str, at: Place, expected: str) -> tuple[Decimal, bool]:
    """Return the number in `written` and whether it is followed by %."""
    text = _narrow(written)
    if text.lower() in _NOTHING:
        at.refuse(written, expected, "没有数值请留空；确为零请填 0。")
    bare = text.removeprefix("¥") if unit.endswith("元") else text
    is_percent = bare.endswith("%")
    bare = bare.removesuffix("%")
    if not _FIGURE.fullmatch(bare):
        at.refuse(written, expected, _advice(text, unit))
    return Decimal(bare.replace(",", "")), is_percent


def _advice(text: str, unit: str) -> str:
    if text.startswith("="):
        return "请填写计算结果，不要填公式。"
    if re.search("[eE][+]?[0-9]", text):
        return "请不要用科学记数法，写出完整数字。"
    if re.match("约|近|大约|超过|不少于", text) or re.search("[+余多]|左右|以上", text):
        return "请填确切的数字，不写“约”“余”“以上”。"
    if unit and text.endswith(unit):
        return f"请只填数字，不带单位“{unit}”。"
    if from_chinese(text) is not None:
        return "请用阿拉伯数字填写。"
    return "请只填数字，不写单位、文字或其他符号。"


def _refuse_percent(number: Decimal, unit: str, found: str, at: Place, *, is_percent: bool) -> None:
    if is_percent and unit != "%":
        at.refuse(found, f"数字（单位：{unit or '无'}）", "这一项不是百分数，请去掉百分号并核对数值。")
    if unit == "%" and not is_percent and 0 < abs(number) <= 1:
        at.refuse(found, "百分数，如 95%", f"分不清是 {number:f}% 还是 {number * 100:f}%，请带百分号填写。")


def _refuse_range(
    number: Decimal,
    found: str,
    at: Place,
    *,
    minimum: Decimal | None,
    maximum: Decimal | None,
    places: int | None,
) -> None:
    if minimum is not None and number < minimum:
        at.refuse(found, f"不小于 {minimum.normalize():f} 的数字", "请核对后重填。")
    if maximum is not None and number > maximum:
        at.refuse(found, f"不大于 {maximum.normalize():f} 的数字", "请核对后重填。")
    if abs(number) >= _LARGEST:
        at.refuse(found, "15 位以内的数字", "数值过大，请核对单位和位数。")
    exponent = number.normalize().as_tuple().exponent
    if places is not None and isinstance(exponent, int) and -exponent > places:
        at.refuse(found, f"最多 {places} 位小数的数字" if places else "整数", "请核对后重填。")


def _numbers(
    text: str, forms: tuple[re.Pattern[str], ...], chinese: re.Pattern[str]
) -> tuple[int, ...] | None:
    """Return year, month and, where the forms have it, day; None when `text` has none of the forms."""
    for form in forms:
        if found := form.fullmatch(text):
            return tuple(int(part) for part in found.groups())
    if found := chinese.fullmatch(text):
        parts = [from_chinese(part) for part in found.groups()]
        return None if None in parts else tuple(part for part in parts if part is not None)
    return None
