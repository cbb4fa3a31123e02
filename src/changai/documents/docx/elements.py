"""Small pieces of WordprocessingML."""

from typing import Any, TypeAlias

from lxml import etree  # type: ignore[import-untyped]

from changai.documents.characters import printed

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
}
Element: TypeAlias = Any  # an lxml element; lxml comes without types
Attribute = str | int


def qualified(tag: str) -> str:
    """Return ``w:p`` as ``{namespace}p``; a name without prefix as it is."""
    prefix, _, name = tag.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{name}" if prefix else name


def node(tag: str, attributes: dict[str, Attribute] | None = None, *children: Element | None) -> Element:
    """Return the element; children that are None are left out."""
    made = etree.Element(qualified(tag), nsmap=NAMESPACES)
    for name, setting in (attributes or {}).items():
        made.set(qualified(name), str(setting))
    made.extend([child for child in children if child is not None])
    return made


def valued(tag: str, value: Attribute) -> Element:
    """Return the element with its one attribute ``w:val``."""
    return node(tag, {"w:val": value})


def rule(tag: str, width_pt: float, *, space_pt: float = 0, colour: str = "000000") -> Element:
    """Return one side of a border."""
    attributes: dict[str, Attribute] = {
        "w:val": "single",
        "w:sz": round(width_pt * 8),
        "w:space": round(space_pt),
        "w:color": colour,
    }
    return node(tag, attributes)


def switched_off(*tags: str) -> list[Element]:
    """Return the on/off elements, each saying off."""
    return [valued(tag, 0) for tag in tags]


def run(text: str, properties: Element | None = None) -> Element:
    """Return a run; line ends in `text` become line breaks."""
    made = node("w:r", None, properties)
    for number, line in enumerate(printed(text).split("\n")):
        if number:
            made.append(node("w:br"))
        written = node("w:t", {})
        written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        written.text = line
        made.append(written)
    return made


def type_size(size_pt: float, spacing_pt: float = 0.0) -> Element:
    """Return the run properties of a type size with extra letter spacing."""
    half_points = round(size_pt * 2)
    return node(
        "w:rPr",
        None,
        valued("w:spacing", round(spacing_pt * 20)),
        valued("w:sz", half_points),
        valued("w:szCs", half_points),
    )


def tab() -> Element:
    """Return a run with a tab stop."""
    return node("w:r", None, node("w:tab"))


def document_part(content: list[Element], section: Element) -> Element:
    """Return the root of document.xml."""
    document = node("w:document", None, node("w:body", None, *content, section))
    document.set(qualified("mc:Ignorable"), "wps")
    return document


def paragraph(style: str, *content: Element, properties: tuple[Element, ...] = ()) -> Element:
    """Return a paragraph of the named style; `properties` follow in the order the schema asks for."""
    return node("w:p", None, node("w:pPr", None, valued("w:pStyle", style), *properties), *content)


def text_paragraph(style: str, text: str) -> Element:
    """Return a paragraph with one run of text."""
    return paragraph(style, run(text)) if text else paragraph(style)


def field(instruction: str, shown: str) -> list[Element]:
    """Return the runs of a live field; `shown` stands until it is computed."""
    instruction_text = node("w:instrText", {})
    instruction_text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    instruction_text.text = f" {instruction} "
    return [
        node("w:r", None, node("w:fldChar", {"w:fldCharType": "begin"})),
        node("w:r", None, instruction_text),
        node("w:r", None, node("w:fldChar", {"w:fldCharType": "separate"})),
        run(shown),
        node("w:r", None, node("w:fldChar", {"w:fldCharType": "end"})),
    ]


def xml_bytes(root: Element) -> bytes:
    """Return the part as written to the file."""
    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r", "mc", "wps"])
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written
