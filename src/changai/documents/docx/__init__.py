"""Official papers as .docx, written part by part so that equal content gives equal bytes.

No template file is used: every style in the file is one this package defines from `changai.documents.layout`.
"""

from changai.documents.docx.briefing import render_docx

__all__ = ["render_docx"]
