"""Type and place of a paragraph along defaults, styles and its own settings. Runs inside the limited child."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from changai.documents.intake.wordml import child, children, value

Settings = dict[str, Any]
_MOST = 1_000_000
_OFF = frozenset({"0", "false", "off", "none"})
_LETTERS = (
    ("size", "sz", "val"),
    ("spacing", "spacing", "val"),
    ("colour", "color", "val"),
)
_INDENTS = {
    "left": ("left", "start"),
    "right": ("right", "end"),
    "first_line": ("firstLine",),
    "hanging": ("hanging",),
    "first_characters": ("firstLineChars",),
    "hanging_characters": ("hangingChars",),
    "left_characters": ("leftChars", "startChars"),
    "right_characters": ("rightChars", "endChars"),
}
_SPACING = {
    "before": "before",
    "after": "after",
    "before_lines": "beforeLines",
    "after_lines": "afterLines",
    "line": "line",
}


class Styles:
    """The styles of a document; what each gives is worked out once."""

    def __init__(self, styles: Element | None, theme: Element | None) -> None:
        self._styles = {value(each, attribute="styleId"): each for each in children(styles, "style")}
        self._faces = _theme_faces(theme)
        defaults = child(styles, "docDefaults")
        self._base = (
            self.place(child(child(defaults, "pPrDefault"), "pPr")),
            self.letters(child(child(defaults, "rPrDefault"), "rPr")),
        )
        self._known: dict[str, tuple[Settings, Settings]] = {}
        self.default = next(
            (
                key
                for key, each in self._styles.items()
                if value(each, attribute="type") == "paragraph"
                and value(each, attribute="default") in ("1", "true")
            ),
            "",
        )

    def of(self, style: str) -> tuple[Settings, Settings]:
        """Return what a paragraph of the style gets for its place and its letters, the defaults included."""
        if style not in self._known:
            place, letters = dict(self._base[0]), dict(self._base[1])
            for each in self._chain(style):
                place |= self.place(child(each, "pPr"))
                letters |= self.letters(child(each, "rPr"))
            self._known[style] = place, letters
        return self._known[style]

    def name(self, style: str) -> str:
        """Return the style's name as people read it."""
        return value(child(self._styles.get(style), "name"))

    def of_letters(self, style: str) -> Settings:
        """Return what a character style alone sets."""
        found: Settings = {}
        for each in self._chain(style):
            found |= self.letters(child(each, "rPr"))
        return found

    def _chain(self, style: str) -> list[Element]:
        found: list[Element] = []
        seen: set[str] = set()
        while style and style not in seen and style in self._styles:
            seen.add(style)
            found.insert(0, self._styles[style])
            style = value(child(self._styles[style], "basedOn"))
        return found

    def letters(self, properties: Element | None) -> Settings:
        """Return what run properties set themselves: sizes in half points, spacing in twentieths of a point."""
        if properties is None:
            return {}
        found: Settings = {}
        for name, tag, attribute in _LETTERS:
            text = value(child(properties, tag), attribute=attribute)
            if text:
                found[name] = text if name == "colour" else number(text)
        fonts = child(properties, "rFonts")
        for name, attribute in (("font", "eastAsia"), ("latin", "ascii")):
            theme = value(fonts, attribute=f"{attribute}Theme")
            face = self._faces.get(theme, "") or value(fonts, attribute=attribute)
            if face:
                found[name] = face
        for name, tag in (("bold", "b"), ("hidden", "vanish")):
            switch = child(properties, tag)
            if switch is not None:
                found[name] = value(switch) not in _OFF
        return found

    def place(self, properties: Element | None) -> Settings:
        """Return what paragraph properties set themselves, lengths in twentieths of a point."""
        if properties is None:
            return {}
        found = dict(_measures(properties))
        align = value(child(properties, "jc"))
        if align:
            found["align"] = {"start": "left", "end": "right"}.get(align, align)
        for name, side in (("above", "top"), ("below", "bottom")):
            edge = border(child(child(properties, "pBdr"), side))
            if edge is not None:
                found[name] = edge
        for name, tag in (("breaks_before", "pageBreakBefore"), ("snaps", "snapToGrid")):
            switch = child(properties, tag)
            if switch is not None:
                found[name] = value(switch) not in _OFF
        stops = [
            (value(each) or "left", number(value(each, attribute="pos")) or 0)
            for each in children(child(properties, "tabs"), "tab")
        ]
        if stops:
            found["tabs"] = sorted((stop for stop in stops if stop[0] != "clear"), key=lambda stop: stop[1])
        return found


def _measures(properties: Element) -> Iterator[tuple[str, Any]]:
    indents, spacing = child(properties, "ind"), child(properties, "spacing")
    for name, attributes in _INDENTS.items():
        text = next((text for each in attributes if (text := value(indents, attribute=each))), "")
        if text:
            yield name, number(text)
    for name, attribute in _SPACING.items():
        text = value(spacing, attribute=attribute)
        if text:
            yield name, number(text)
    rule = value(spacing, attribute="lineRule")
    if rule or value(spacing, attribute="line"):
        yield "line_rule", rule or "auto"


def border(edge: Element | None) -> dict[str, Any] | None:
    """Return {"kind", "size", "space", "colour"} of one side of a border (eighths of a point, points), or None."""
    if edge is None:
        return None
    kind = value(edge) or "none"
    return {
        "kind": "" if kind in ("none", "nil") else kind,
        "size": number(value(edge, attribute="sz")) or 0,
        "space": number(value(edge, attribute="space")) or 0,
        "colour": value(edge, attribute="color"),
    }


def number(text: str) -> int | None:
    """Return the whole number nearest to what is written; None for nonsense and for what no sheet can hold."""
    try:
        found = round(float(text))
    except (ValueError, OverflowError):
        return None
    return found if abs(found) < _MOST else None


def _theme_faces(theme: Element | None) -> dict[str, str]:
    """Return the faces the words minorEastAsia and so on stand for: an East Asian face is often kept by script."""
    found: dict[str, str] = {}
    if theme is None:
        return found
    for fonts in theme.iter():
        kind = {"majorFont": "major", "minorFont": "minor"}.get(fonts.tag.rpartition("}")[2])
        if kind is None:
            continue
        for each in fonts:
            tag, face = each.tag.rpartition("}")[2], each.get("typeface", "")
            if tag == "latin":
                found[f"{kind}Ascii"] = found[f"{kind}HAnsi"] = face
            elif tag == "ea" or (tag == "font" and each.get("script") == "Hans"):
                found[f"{kind}EastAsia"] = found.get(f"{kind}EastAsia") or face
    return found
