"""What a line end must not part: numbers and their units, years, dates, document numbers, percentages.

Source: GB/T 9704-1999, 8.2.7 (数字、年份不能回行), kept by custom since. A date may go on after its year: to carry it
over whole would stretch the line before it by up to seven characters.

Of use to our own setter alone. LibreOffice parts Chinese text at a word joiner, a no-break space and a character of
the list that may not end a line all the same, and such characters would spoil searching: a .docx has none.
"""

import re
from collections.abc import Iterator

from changai.documents.characters import width_in_characters

_MOST_CHARACTERS = (
    6.0  # to carry a longer one over would widen its line by more than a quarter of a character
)

_NUMBER = r"[−+±]?\d+(?:[.,:]\d+)*"
_MANY = r"[余多]?[十百千万亿]{0,2}[余多]?"
_UNIT = (
    r"个?百分点|个(?:工作日|小时|半月|月|项目|单位|班组)?|人次|人天|平方米|平方公里|千瓦时|公里|小时|分钟|周岁|季度|月份?|"
    r"[人元户家名场次份件项条篇期吨台套亩字页分秒天周岁年日届号款章节级类批组处所座支位辆倍成折]|[％%‰℃]"
)
_UNPARTED = re.compile(
    rf"\d{{1,2}}月\d{{1,2}}日|〔\d{{4}}〕(?:第?\d+号)?|第?{_NUMBER}(?:[—～~-]{_NUMBER})?{_MANY}(?:{_UNIT})?"
)


def unparted(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each phrase of more than one character that stays on one line."""
    for found in _UNPARTED.finditer(text):
        if len(found[0]) > 1 and width_in_characters(found[0]) <= _MOST_CHARACTERS:
            yield found.span()


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces, each with whether it stays on one line."""
    end = 0
    for start, stop in unparted(text):
        if start > end:
            yield text[end:start], False
        yield text[start:stop], True
        end = stop
    if end < len(text):
        yield text[end:], False
