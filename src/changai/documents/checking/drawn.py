"""Lines, text boxes and pictures drawn in a paragraph, in millimetres. Runs inside the limited child."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

_EMU_PER_MM = 36_000
_MM_PER = {"pt": 25.4 / 72, "mm": 1.0, "cm": 10.0, "in": 25.4, "px": 25.4 / 96, "": 25.4 / 72}
_LEAST_BAR_MM = 80.0  # shorter lines are no rules of a paper
_MOST_BAR_MM = 5.0
_VML = frozenset({"line", "rect", "shape", "roundrect"})


def local(element: Element) -> str:
    """Return the element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def shown(paragraph: Element) -> Iterator[Element]:
    """Yield everything in the paragraph but the second writing of a drawing, kept for old programmes."""
    for item in paragraph:
        name = local(item)
        if name == "AlternateContent":
            chosen = next((each for each in item if local(each) == "Choice"), None)
            for each in [chosen] if chosen is not None else list(item):
                yield from shown(each)
            continue
        yield item
        if name != "txbxContent":
            yield from shown(item)


def drawings(paragraph: Element) -> list[dict[str, Any]]:
    """Return what is drawn in the paragraph: kind (bar, box or picture), size, place, colour and weight."""
    found = []
    for item in shown(paragraph):
        name = local(item)
        if name in ("anchor", "inline"):
            found.append(_drawing(item))
        elif name in _VML and item.tag.startswith("{urn:schemas-microsoft-com:vml}"):
            found.append(_old_drawing(item))
    return [each for each in found if each["kind"]]


def _drawing(anchor: Element) -> dict[str, Any]:
    parts = {local(each): each for each in anchor}
    extent, words = parts.get("extent"), parts.get("docPr")
    width, height = (_emu(extent.get(side, "")) if extent is not None else 0.0 for side in ("cx", "cy"))
    inside = list(shown(anchor))
    names = {local(each) for each in inside}
    line = next((each for each in inside if local(each) == "ln"), None)
    kind = _kind(names, width, height)
    fill = [each for each in inside if local(each) == "srgbClr"]
    across, down = _position(parts.get("positionH")), _position(parts.get("positionV"))
    return {
        "kind": kind,
        "width": width,
        "height": height,
        "left": across,
        "top": down,
        "colour": fill[0].get("val", "") if fill else "",
        "weight": _emu(line.get("w", "")) if line is not None else 0.0,
        "compound": line.get("cmpd", "") if line is not None else "",
        "described": words is not None and bool(words.get("descr", "").strip()),
    }


def _kind(names: set[str], width: float, height: float) -> str:
    if "txbxContent" in names:
        return "box"
    if "pic" in names or "chart" in names:
        return "picture"
    if width >= _LEAST_BAR_MM and height <= _MOST_BAR_MM:
        return "bar"
    return "" if names & {"wsp", "cxnSp", "wgp"} else "picture"


def _position(place: Element | None) -> dict[str, Any] | None:
    """Return {"from", "mm", "align"}: measured from where, how far, or standing at which edge."""
    if place is None:
        return None
    found: dict[str, Any] = {"from": place.get("relativeFrom", ""), "mm": None, "align": ""}
    for each in place:
        if local(each) == "posOffset":
            found["mm"] = _emu(each.text or "")
        elif local(each) == "align":
            found["align"] = each.text or ""
    return found


def _old_drawing(shape: Element) -> dict[str, Any]:
    """Return a drawing as Word wrote it before 2010 and WPS still does."""
    style = dict(part.strip().split(":", 1) for part in shape.get("style", "").split(";") if ":" in part)
    width, height = (_length(style.get(side, "")) for side in ("width", "height"))
    if local(shape) == "line":
        start, end = (_pair(shape.get(name, "")) for name in ("from", "to"))
        width, height = abs(end[0] - start[0]), abs(end[1] - start[1])
    names = {local(each) for each in shape.iter()}
    is_picture = "imagedata" in names
    stroke = next((each for each in shape if local(each) == "stroke"), None)
    bar = width >= _LEAST_BAR_MM and height <= _MOST_BAR_MM
    colour = re.match(r"#?([0-9A-Fa-f]{6}|red)", shape.get("strokecolor", ""))
    return {
        "kind": "box" if "txbxContent" in names else "picture" if is_picture else "bar" if bar else "",
        "width": width,
        "height": height,
        "left": None,
        "top": None,
        "colour": ("FF0000" if colour[1] == "red" else colour[1]) if colour else "",
        "weight": _length(shape.get("strokeweight", "")),
        "compound": stroke.get("linestyle", "") if stroke is not None else "",
        "described": bool(shape.get("alt", "").strip()),
    }


def _emu(text: str) -> float:
    try:
        return round(int(text) / _EMU_PER_MM, 2)
    except ValueError:
        return 0.0


def _length(text: str) -> float:
    match = re.match(r"\s*(-?[\d.]{1,12})\s*(pt|mm|cm|in|px)?", text)
    try:
        return float(match[1]) * _MM_PER[match[2] or ""] if match else 0.0
    except ValueError:
        return 0.0


def _pair(text: str) -> tuple[float, float]:
    across, _, down = text.partition(",")
    return _length(across), _length(down)
