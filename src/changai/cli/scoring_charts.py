"""A drawing as PNG, set with the fonts of this machine."""

from __future__ import annotations

import json


def svg_to_png(drawing: str, *, ppi: int = 144) -> bytes:
    """Return an SVG drawing as PNG; Chinese text needs a Chinese font on the machine."""
    import typst

    from changai.documents.fonts import setter_fonts

    text = json.dumps(drawing, ensure_ascii=False)
    page = f'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes({text}), format: "svg")'
    picture = typst.compile(page.encode(), format="png", ppi=ppi, font_paths=setter_fonts())
    if not isinstance(picture, bytes):
        raise TypeError("a one-page drawing gives one picture")
    return picture
