"""The bytes of a paper's pictures, as the renderers are given them."""

import base64
import hashlib
from collections.abc import Mapping

from changai.core.errors import Unavailable
from changai.documents.characters import single_line
from changai.documents.paper import Picture

JPEG_MAGIC = b"\xff\xd8\xff"


class PictureMissing(Unavailable):
    """The bytes of a picture are not at hand, or not those the paper was written with."""

    code = "picture_missing"


def content_of(picture: Picture, pictures: Mapping[str, bytes]) -> bytes:
    """Return the bytes of the picture out of those given by digest.

    :raises PictureMissing: when they are not there or have another digest: a frozen paper shows what it showed.
    """
    content = pictures.get(picture.digest)
    if content is None or hashlib.sha256(content).hexdigest() != picture.digest:
        name = single_line(picture.description) or picture.digest[:12]
        raise PictureMissing(
            f"图片“{name}”缺失或已改动，无法生成公文。请重新上传图片，已印发的请从备份恢复。"
        )
    return content


def extension(content: bytes) -> str:
    """Return `jpeg` or `png`: what `intake.pictures` writes."""
    return "jpeg" if content.startswith(JPEG_MAGIC) else "png"


def picture_svg(picture: Picture, content: bytes) -> str:
    """Return the picture as SVG text around its own bytes, for the PDF setter, which takes text alone."""
    written = base64.b64encode(content).decode()
    size = f'width="{picture.width}" height="{picture.height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
        f'<image {size} href="data:image/{extension(content)};base64,{written}"/></svg>'
    )
