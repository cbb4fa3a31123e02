"""Numbers as official papers write them: 二十一, 三百零五, ⑫, full-width digits."""

_DIGITS = "零一二三四五六七八九"
_VALUES = {char: value for value, char in enumerate(_DIGITS)} | {"〇": 0, "○": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_PLACES = ("", "十", "百", "千")

CHINESE_NUMERALS = "零〇○一二两三四五六七八九十百千"


def from_chinese(written: str) -> int | None:
    """Return the number below 10,000 written with 十百千 or figure by figure (二〇二六), else None."""
    if not written or any(char not in _VALUES and char not in _SCALES for char in written):
        return None
    if not any(char in _SCALES for char in written):
        return int("".join(str(_VALUES[char]) for char in written)) if len(written) <= 4 else None
    total, digit = 0, None
    for char in written:
        if char in _VALUES:
            digit = _VALUES[char]
            continue
        total += (1 if digit is None else digit) * _SCALES[char]
        digit = None
    return total + (digit or 0)


def to_chinese(number: int) -> str:
    """Return `number` in Chinese numerals: 十, 二十一, 一百零五; from 10,000 on in plain digits."""
    if not 0 <= number < 10_000:
        return str(number)
    if number < 10:
        return _DIGITS[number]
    written, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(written)
            continue
        written += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return written.removeprefix("一") if written.startswith("一十") else written
