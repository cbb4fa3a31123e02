"""Official papers as .docx, written part by part so that equal content gives equal bytes.

No template file is used: every style in the file is one this package defines from `changai.documents.layout`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from changai.documents.docx.blocks import Body
from changai.documents.docx.briefing import render_briefing
from changai.documents.docx.document import render_document
from changai.documents.paper import Briefing, Paper

__all__ = ["render_docx"]


_NONE: Mapping[str, bytes] = MappingProxyType({})


def render_docx(
    paper: Paper, *, font_paths: Sequence[Path] = (), pictures: Mapping[str, bytes] = _NONE
) -> bytes:
    """Return the paper as a .docx file; equal papers give equal bytes.

    `font_paths` are folders with the office's own fonts, of use only for charts: text names its fonts. `pictures`
    are the bytes of its pictures by digest.

    :raises FontsMissing: when it holds a chart and no Chinese font is installed to draw it with.
    :raises PictureMissing: when the bytes of a picture are not given.
    """
    from changai.documents.pdf import shares_of_charts  # heavy, and most papers have no chart

    shares = shares_of_charts(paper, font_paths=font_paths, pictures=pictures)
    body = Body(tuple(font_paths), pictures, iter(shares))
    return render_briefing(paper, body) if isinstance(paper, Briefing) else render_document(paper, body)
