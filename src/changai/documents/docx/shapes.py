"""Pictures in a line, and shapes that stand at a fixed place of the sheet or of the type area."""

from typing import Literal

from changai.documents.docx.elements import Element, node

EMU_PER_MM = 36000


def form(size: dict[str, int], *fill: Element) -> Element:
    """Return the properties of a rectangle of a size in EMU, without an outline."""
    return node(
        "wps:spPr",
        None,
        node("a:xfrm", None, node("a:off", {"x": 0, "y": 0}), node("a:ext", dict(size))),
        node("a:prstGeom", {"prst": "rect"}, node("a:avLst")),
        *fill,
        node("a:ln", None, node("a:noFill")),
    )


def placed(
    shape: Element,
    size: dict[str, int],
    at: tuple[int, int],
    *,
    relative_to: Literal["margin", "page"],
    number: int,
    name: str,
    height: int = 2,
    is_behind: bool = False,
) -> Element:
    """Return a run with the shape standing at (left, top) in EMU from the margins or from the sheet's edges.

    `number` and `name` are those of the drawing, `height` says which shape lies above which.
    """

    def position(tag: str, offset: int) -> Element:
        place = node("wp:posOffset")
        place.text = str(offset)
        return node(tag, {"relativeFrom": relative_to}, place)

    attributes: dict[str, str | int] = {
        "distT": 0,
        "distB": 0,
        "distL": 0,
        "distR": 0,
        "simplePos": 0,
        "relativeHeight": height,
        "behindDoc": int(is_behind),
        "locked": 0,
        "layoutInCell": 1,
        "allowOverlap": 1,
    }
    anchor = node(
        "wp:anchor",
        attributes,
        node("wp:simplePos", {"x": 0, "y": 0}),
        position("wp:positionH", at[0]),
        position("wp:positionV", at[1]),
        node("wp:extent", dict(size)),
        node("wp:effectExtent", {"l": 0, "t": 0, "r": 0, "b": 0}),
        node("wp:wrapNone"),
        node("wp:docPr", {"id": number, "name": name}),
        node("wp:cNvGraphicFramePr"),
        node("a:graphic", None, node("a:graphicData", {"uri": shape.nsmap["wps"]}, shape)),
    )
    choice = node("mc:Choice", {"Requires": "wps"}, node("w:drawing", None, anchor))
    return node("w:r", None, node("mc:AlternateContent", None, choice))


def inline_picture(number: int, size_mm: tuple[float, float], description: str) -> Element:
    """Return a run with the picture of this number standing in its line."""
    size = {side: round(length * EMU_PER_MM) for side, length in zip(("cx", "cy"), size_mm, strict=True)}
    relation = f"rIdPicture{number}"
    named: dict[str, str | int] = {"id": number, "name": f"图{number}", "descr": description}
    picture = node(
        "pic:pic",
        None,
        node("pic:nvPicPr", None, node("pic:cNvPr", named), node("pic:cNvPicPr")),
        node(
            "pic:blipFill",
            None,
            node("a:blip", {"r:embed": relation}),
            node("a:stretch", None, node("a:fillRect")),
        ),
        node(
            "pic:spPr",
            None,
            node("a:xfrm", None, node("a:off", {"x": 0, "y": 0}), node("a:ext", dict(size))),
            node("a:prstGeom", {"prst": "rect"}, node("a:avLst")),
        ),
    )
    graphic = node("a:graphic", None, node("a:graphicData", {"uri": picture.nsmap["pic"]}, picture))
    inline = node(
        "wp:inline",
        {"distT": 0, "distB": 0, "distL": 0, "distR": 0},
        node("wp:extent", dict(size)),
        node("wp:docPr", named),
        graphic,
    )
    return node("w:r", None, node("w:drawing", None, inline))
