"""Files for the intake tests, written byte by byte where a library would refuse to write them."""

import io
import zipfile
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def make_zip(parts: dict[str, str | bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def relationships(**targets: str) -> str:
    items = "".join(
        f'<Relationship Id="r{at}" Type="{R}/{kind.rstrip("0123456789")}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets.items(), start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{items}</Relationships>'


def docx_parts(body: str, *, numbering: str = "", styles: str = "") -> dict[str, str | bytes]:
    """The parts of a Word document whose body is the XML `body`."""
    related = {"numbering": "numbering.xml"} if numbering else {}
    related |= {"styles": "styles.xml"} if styles else {}
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": relationships(officeDocument="word/document.xml"),
        "word/_rels/document.xml.rels": relationships(**related),
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
    }
    if numbering:
        parts["word/numbering.xml"] = f'<w:numbering xmlns:w="{W}">{numbering}</w:numbering>'
    if styles:
        parts["word/styles.xml"] = f'<w:styles xmlns:w="{W}">{styles}</w:styles>'
    return parts


def make_docx(*paragraphs: str) -> bytes:
    return make_zip(docx_parts("".join(paragraph(text) for text in paragraphs)))


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def listed(text: str, number: int, level: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def xlsx_parts(rows: str, *, after: str = "", strings: str = "", styles: str = "") -> dict[str, str | bytes]:
    """The parts of a workbook; `rows` is the XML within `<sheetData>` of its sheet 表一."""
    related = {"worksheet": "worksheets/sheet1.xml"}
    related |= {"sharedStrings": "sharedStrings.xml"} if strings else {}
    related |= {"styles": "styles.xml"} if styles else {}
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": relationships(officeDocument="xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": relationships(**related),
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets>'
        '<sheet name="表一" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}"><sheetData>{rows}</sheetData>{after}'
        "</worksheet>",
    }
    if strings:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{S}">{strings}</sst>'
    if styles:
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{S}">{styles}</styleSheet>'
    return parts


def make_xlsx(rows: str, **more: str) -> bytes:
    return make_zip(xlsx_parts(rows, **more))


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def make_ole(stream: str) -> bytes:
    """An old Office container: its magic, and a directory entry that names `stream`."""
    return OLE + stream.encode("utf-16-le") + b"\0" * 512
