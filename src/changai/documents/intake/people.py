"""Identity numbers and names of persons out of cells."""

import re
import unicodedata
from datetime import date

from changai.documents.characters import printable
from changai.documents.intake.cells import NOWHERE, Given, Place, clean_text
from changai.documents.intake.workbook import Cell

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_EXPECTED = "18 位居民身份证号码"
_BLANKS = re.compile(r"[\s\-]+")
_DOTS = re.compile("[·・•‧∙⋅．.]")
_LONGEST_NAME = 60


def parse_identity(given: Given, *, at: Place = NOWHERE, today: date) -> str:
    """Return the identity number in a cell, 18 characters; "" when empty.

    Blanks, hyphens and full-width digits are put right, a small x is X.

    Source: GB 11643-1999, chapter 4: place, day of birth, sequence, check character (ISO 7064 MOD 11-2).

    :raises CellFault: when it was stored as a number, is an old one of 15 digits, names no day, or fails its check
    """
    if isinstance(given, Cell):
        at = Place(at.sheet, given.address)
        text = given.text
        if given.value is not None and not isinstance(given.value, str) and len(text) > 15:
            advice = "证件号码被存成数字，后三位已丢失，请设为文本后重填。"
            at.refuse(text, _EXPECTED, advice)
    number = _BLANKS.sub("", unicodedata.normalize("NFKC", clean_text(given, at=at))).upper()
    if not number:
        return ""
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", number):
        at.refuse(number, _EXPECTED, "证件号码被表格软件改成了科学记数法，请设为文本后重填。")
    if re.fullmatch("[0-9]{15}", number):
        at.refuse(number, _EXPECTED, "这是 15 位旧号码，请填写现在的 18 位号码。")
    if not re.fullmatch("[0-9]{17}[0-9X]", number):
        at.refuse(number, _EXPECTED, f"现为 {len(number)} 位，请核对。")
    _refuse_birth(number, at, today)
    if _CHECKS[sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True)) % 11] != number[17]:
        at.refuse(number, _EXPECTED, "校验位不符，可能有一位写错，请对照证件核对。")
    return number


def _refuse_birth(number: str, at: Place, today: date) -> None:
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        at.refuse(number, _EXPECTED, "其中的出生日期不存在，请对照证件核对。")
    if not date(1900, 1, 1) <= born_on <= today:
        at.refuse(number, _EXPECTED, "其中的出生日期超出合理范围，请对照证件核对。")


def parse_name(given: Given, *, at: Place = NOWHERE) -> str:
    """Return a person's name; rare characters stay, the dot of a name with several parts is ·; "" when empty.

    :raises CellFault: when it holds digits, signs or pictures, or is too long
    """
    if isinstance(given, Cell):
        at = Place(at.sheet, given.address)
    name = " ".join(_DOTS.sub("·", printable(clean_text(given, at=at, longest=_LONGEST_NAME))).split())
    strange = [char for char in name if char not in "· 　" and unicodedata.category(char) not in _NAME_KINDS]
    if strange:
        at.refuse(name, "姓名", f"姓名中有不能使用的字符“{strange[0]}”，请删去。")
    return name if re.search("[A-Za-z]", name) else name.replace(" ", "")


# Letters and marks of every script; Co: characters a city's own font put into the private area.
_NAME_KINDS = frozenset({"Lo", "Lu", "Ll", "Lt", "Lm", "Mn", "Mc", "Nl", "Co"})
