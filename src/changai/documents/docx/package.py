"""The file around the parts of a .docx: relationships, content types, properties, fixed times."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree  # type: ignore[import-untyped]

from changai.documents.docx.elements import Element, xml_bytes
from changai.documents.docx.styles import STYLES, Style, font_table, settings_part, styles_part
from changai.documents.pictures import extension

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
# The earliest a zip can say; the date of the paper stands in its properties.
_FIXED_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Properties:
    """What the file says about itself."""

    title: str
    author: str
    issued_on: date


def pack(
    document: Element,
    footers: dict[str, Element],
    pictures: list[bytes],
    properties: Properties,
    *,
    styles: Sequence[Style] = STYLES,
    first_header: Element | None = None,
    numbering: Element | None = None,
) -> bytes:
    """Return the .docx file.

    `footers` are by type (default, even), related as ``rIdFooter_<type>``, the head of page one as
    ``rIdHeader_first``; `pictures` are PNG or JPEG, related as ``rIdPicture1`` and so on.
    """
    media = [f"picture{number}.{extension(each)}" for number, each in enumerate(pictures, start=1)]
    inner = {name: part for name, part in (("numbering", numbering),) if part is not None}
    headers = {} if first_header is None else {"header_first": first_header}
    edges = {f"footer_{kind}": footer for kind, footer in footers.items()} | headers
    parts = {
        "[Content_Types].xml": _content_types(edges | inner, media),
        "_rels/.rels": _relationships(
            {
                "rId1": (f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
                "rId2": (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
                "rId3": (f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
            }
        ),
        "word/document.xml": xml_bytes(document),
        "word/_rels/document.xml.rels": _document_relationships(edges | inner, media),
        "word/styles.xml": xml_bytes(styles_part(styles)),
        "word/settings.xml": xml_bytes(settings_part()),
        "word/fontTable.xml": xml_bytes(font_table()),
        "docProps/core.xml": _core_properties(properties),
        "docProps/app.xml": _application_properties(),
    }
    parts |= {f"word/{name}.xml": xml_bytes(edge) for name, edge in (edges | inner).items()}
    parts |= {f"word/media/{name}": content for name, content in zip(media, pictures, strict=True)}
    return _zip(parts)


def _zip(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _FIXED_ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
    return written.getvalue()


def _content_types(edges: dict[str, Element], media: list[str]) -> bytes:
    namespace = f"{_PACKAGE}/content-types"
    root = etree.Element(f"{{{namespace}}}Types", nsmap={None: namespace})
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "png": "image/png",
        **({"jpeg": "image/jpeg"} if any(name.endswith(".jpeg") for name in media) else {}),
    }
    overrides = {
        "/word/document.xml": f"{_WORD}.document.main+xml",
        "/word/styles.xml": f"{_WORD}.styles+xml",
        "/word/settings.xml": f"{_WORD}.settings+xml",
        "/word/fontTable.xml": f"{_WORD}.fontTable+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    } | {f"/word/{name}.xml": f"{_WORD}.{name.partition('_')[0]}+xml" for name in edges}
    for ending, kind in defaults.items():
        etree.SubElement(root, f"{{{namespace}}}Default", Extension=ending, ContentType=kind)
    for name, kind in overrides.items():
        etree.SubElement(root, f"{{{namespace}}}Override", PartName=name, ContentType=kind)
    return xml_bytes(root)


def _document_relationships(edges: dict[str, Element], media: list[str]) -> bytes:
    kinds = f"{_OFFICE}/relationships"
    related = {
        "rIdStyles": (f"{kinds}/styles", "styles.xml"),
        "rIdSettings": (f"{kinds}/settings", "settings.xml"),
        "rIdFonts": (f"{kinds}/fontTable", "fontTable.xml"),
    }
    related |= {
        f"rId{name.capitalize()}": (f"{kinds}/{name.partition('_')[0]}", f"{name}.xml") for name in edges
    }
    related |= {
        f"rIdPicture{number}": (f"{kinds}/image", f"media/{name}")
        for number, name in enumerate(media, start=1)
    }
    return _relationships(related)


def _relationships(related: dict[str, tuple[str, str]]) -> bytes:
    namespace = f"{_PACKAGE}/relationships"
    root = etree.Element(f"{{{namespace}}}Relationships", nsmap={None: namespace})
    for key, (kind, target) in related.items():
        etree.SubElement(root, f"{{{namespace}}}Relationship", Id=key, Type=kind, Target=target)
    return xml_bytes(root)


def _core_properties(properties: Properties) -> bytes:
    namespaces = {
        "cp": f"{_PACKAGE}/metadata/core-properties",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    }
    root = etree.Element(f"{{{namespaces['cp']}}}coreProperties", nsmap=namespaces)
    moment = f"{properties.issued_on.isoformat()}T00:00:00Z"
    for prefix, name, text in (
        ("dc", "title", properties.title),
        ("dc", "creator", properties.author),
        ("cp", "lastModifiedBy", properties.author),
        ("cp", "revision", "1"),
        ("dcterms", "created", moment),
        ("dcterms", "modified", moment),
        ("dc", "language", "zh-CN"),
    ):
        made = etree.SubElement(root, f"{{{namespaces[prefix]}}}{name}")
        made.text = text
        if prefix == "dcterms":
            made.set(f"{{{namespaces['xsi']}}}type", "dcterms:W3CDTF")
    return xml_bytes(root)


def _application_properties() -> bytes:
    namespace = f"{_OFFICE}/extended-properties"
    root = etree.Element(f"{{{namespace}}}Properties", nsmap={None: namespace})
    etree.SubElement(root, f"{{{namespace}}}Application").text = "changai"
    return xml_bytes(root)
