"""The demonstration's papers, with their months put in, as the files an office would upload."""

import io
import re
from importlib.resources import files

from docx import Document

from changai.core.periods import Month

_MONTH = re.compile(r"\{m(\d+)\}")


def paper_text(name: str, first: Month) -> str:
    """Return the text of a paper; `{m3}` becomes the third month after `first`."""
    text = files("changai.cli.demonstration").joinpath(f"papers/{name}.txt").read_text(encoding="utf-8")
    return _MONTH.sub(lambda found: first.plus(int(found[1])).label, text)


def as_docx(text: str) -> bytes:
    """Return the text as a .docx file, a paragraph a line."""
    document = Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
