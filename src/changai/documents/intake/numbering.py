"""Automatic numbers of a Word document as they are printed: 一、 （二） 3. ④."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from changai.documents.intake.numerals import to_chinese
from changai.documents.intake.wordml import child, children, value

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_ONES = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_ENCLOSED = {
    "decimalEnclosedCircle": "①",
    "decimalEnclosedCircleChinese": "①",
    "decimalEnclosedParen": "⑴",
    "decimalEnclosedFullstop": "⒈",
}
_LONGEST_CHAIN = 20
_DEEPEST_LEVEL = 9


@dataclass(frozen=True)
class _Level:
    start: int
    form: str
    pattern: str
    suffix: str
    style: str
    restarts_after: int | None
    is_legal: bool


@dataclass
class _Series:
    """One abstract numbering with its running counters, shared by all lists that use it."""

    levels: dict[int, _Level]
    counters: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Gives each numbered paragraph its printed label, in the order of the document."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._styles = _Styles(styles)
        self._series: dict[str, _Series] = {}
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        self._started: set[str] = set()
        for abstract in children(numbering, "abstractNum"):
            self._series[value(abstract, attribute="abstractNumId")] = _Series(
                {_int(value(level, attribute="ilvl")): _level(level) for level in children(abstract, "lvl")}
            )
        for item in children(numbering, "num"):
            starts = {
                _int(value(override, attribute="ilvl")): _int(value(child(override, "startOverride")))
                for override in children(item, "lvlOverride")
                if child(override, "startOverride") is not None
            }
            self._lists[value(item, attribute="numId")] = (value(child(item, "abstractNumId")), starts)

    def label(self, properties: Element | None) -> str:
        """Return the printed number of the next paragraph, which has `properties`; "" when it has none."""
        list_id, depth = self._reference(properties)
        abstract_id, starts = self._lists.get(list_id, ("", {}))
        series = self._series.get(abstract_id)
        level = series.levels.get(depth) if series else None
        if series is None or level is None:
            return ""
        if list_id not in self._started:
            self._started.add(list_id)
            for number in starts:
                series.counters.pop(number, None)
        return _advance(series, depth, starts)

    def _reference(self, properties: Element | None) -> tuple[str, int]:
        style = value(child(properties, "pStyle"))
        own = child(properties, "numPr")
        list_id, depth = value(child(own, "numId")), value(child(own, "ilvl"))
        for name, inherited in self._styles.chain(style):
            list_id = list_id or value(child(inherited, "numId"))
            if list_id and not depth:
                depth = value(child(inherited, "ilvl")) or self._depth_of_style(list_id, name)
        return list_id, _int(depth)

    def _depth_of_style(self, list_id: str, style: str) -> str:
        series = self._series.get(self._lists.get(list_id, ("", {}))[0])
        levels = series.levels if series else {}
        return next((str(depth) for depth, level in levels.items() if level.style == style), "")


class _Styles:
    def __init__(self, styles: Element | None) -> None:
        self._based_on: dict[str, str] = {}
        self._numbers: dict[str, Element] = {}
        self._default = ""
        for style in children(styles, "style"):
            name = value(style, attribute="styleId")
            self._based_on[name] = value(child(style, "basedOn"))
            number = child(child(style, "pPr"), "numPr")
            if number is not None:
                self._numbers[name] = number
            if value(style, attribute="type") == "paragraph" and value(style, attribute="default") in (
                "1",
                "true",
            ):
                self._default = name

    def chain(self, name: str) -> list[tuple[str, Element]]:
        """Return the numbered styles from `name` up to its root; a chain that loops ends."""
        found = []
        name = name or self._default
        for _ in range(_LONGEST_CHAIN):
            if name in self._numbers:
                found.append((name, self._numbers[name]))
            name = self._based_on.get(name, "")
        return found


def _level(element: Element) -> _Level:
    restart = child(element, "lvlRestart")
    return _Level(
        start=_int(value(child(element, "start")) or "1"),
        form=value(child(element, "numFmt")) or "decimal",
        pattern=value(child(element, "lvlText")),
        suffix=value(child(element, "suff")) or "tab",
        style=value(child(element, "pStyle")),
        restarts_after=None if restart is None else _int(value(restart)),
        is_legal=child(element, "isLgl") is not None,
    )


def _advance(series: _Series, depth: int, starts: dict[int, int]) -> str:
    level, counters = series.levels[depth], series.counters
    start = starts.get(depth, level.start)
    counters[depth] = counters[depth] + 1 if depth in counters else start
    for deeper, other in series.levels.items():
        if deeper > depth and other.restarts_after != 0:
            counters.pop(deeper, None)

    def shown(match: re.Match[str]) -> str:
        named = int(match[1]) - 1
        other = series.levels.get(named)
        if other is None:
            return ""
        count = counters.get(named, other.start)
        return printed(count, "decimal" if level.is_legal else other.form)

    if level.form in ("bullet", "none"):
        text = level.pattern if level.form == "none" else "•"
    else:
        text = re.sub("%([1-9])", shown, level.pattern)
    return text + _blank(text, level.suffix)


def _blank(label: str, suffix: str) -> str:
    """Return what stands between number and text: Word's tab is a blank here, and nothing after 、 or ）."""
    return (
        "" if not label or suffix == "nothing" or label[-1] in "、）。：①⑴⒈" or label[-1] > "\uff00" else " "
    )


def printed(number: int, form: str) -> str:
    """Return `number` in Word's number format `form`; as digits in formats that Chinese papers do not use."""
    if number < 1:
        return str(number)
    if form in _ENCLOSED and number <= 20:
        return chr(ord(_ENCLOSED[form]) + number - 1)
    if form.startswith(("chinese", "japaneseCounting", "taiwaneseCounting", "ideographDigital")):
        return to_chinese(number)
    if form == "ideographTraditional":
        return _STEMS[(number - 1) % 10]
    if form == "ideographZodiac":
        return _BRANCHES[(number - 1) % 12]
    if form == "decimalZero":
        return f"{number:02d}"
    if form == "decimalFullWidth":
        return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return _lettered(number, form)


def _lettered(number: int, form: str) -> str:
    if form in ("upperLetter", "lowerLetter") and number <= 26 * 20:
        text = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif form in ("upperRoman", "lowerRoman") and number < 4000:
        text = ""
        for size, letters in _ROMAN + _ROMAN_ONES:
            text += letters * (number // size)
            number %= size
    else:
        return str(number)
    return text.upper() if form.startswith("upper") else text


def _int(written: str) -> int:
    """Return a count from an attribute; 0 for nonsense: a broken list loses its number, not its text."""
    return int(written) if re.fullmatch("[0-9]{1,6}", written) else 0
