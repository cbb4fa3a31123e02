"""A PNG or JPEG written anew from its pixels alone. Runs inside the limited child; see `pictures.read_picture`."""

import base64
import io
import warnings
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from changai.core.errors import Unreadable

MOST_PIXELS = 40_000_000
# The block of 156 x 225 mm at 300 dots to the inch.
_MOST_WIDTH, _MOST_HEIGHT = 1843, 2657
_KINDS = ("PNG", "JPEG")
_QUALITY = 90
_OTHERS = {
    b"GIF8": "GIF", b"BM": "BMP", b"II*\0": "TIFF", b"MM\0*": "TIFF", b"%PDF": "PDF", b"RIFF": "WebP",
    b"PK\x03\x04": "Office 文档或压缩包", b"<svg": "SVG", b"<?xm": "SVG",
}  # fmt: skip


def clean(source: bytes) -> dict[str, Any]:
    """Return {"content", "width", "height"} of the picture; the content in base64.

    :raises Unreadable: when it is of another kind, damaged or has too many pixels
    """
    warnings.simplefilter("ignore")
    try:
        with Image.open(io.BytesIO(source), formats=_KINDS) as opened:
            kind = opened.format
            _refuse_too_large(*opened.size)
            # A JPEG many times too large is read smaller at once; anything else is left as it is.
            opened.draft("RGB", (2 * _MOST_WIDTH, 2 * _MOST_HEIGHT))
            picture = _on_white(ImageOps.exif_transpose(opened))
    except UnidentifiedImageError as unknown:
        raise Unreadable(_not_a_picture(source)) from unknown
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as broken:
        raise Unreadable("图片不完整或已损坏，请重新保存后上传。") from broken
    picture.thumbnail((_MOST_WIDTH, _MOST_HEIGHT), Image.Resampling.LANCZOS)
    picture.info.clear()  # comment, profile, place and device would be written along
    written = io.BytesIO()
    if kind == "JPEG":
        picture.save(written, "JPEG", quality=_QUALITY, optimize=True)
    else:
        picture.save(written, "PNG", optimize=True)
    content = base64.b64encode(written.getvalue()).decode()
    return {"content": content, "width": picture.width, "height": picture.height}


def _refuse_too_large(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        most = MOST_PIXELS // 10_000
        raise Unreadable(f"图片为 {width}×{height} 像素，超过 {most} 万像素，请缩小后上传。")


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the pixels alone, in colours every printer has; what is transparent shows the paper."""
    if picture.mode in ("L", "1"):
        return picture.convert("L")
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value / 256).convert("L")
    if picture.has_transparency_data:
        whole = picture.convert("RGBA")
        sheet = Image.new("RGBA", whole.size, "white")
        return Image.alpha_composite(sheet, whole).convert("RGB")
    return picture.convert("RGB")


def _not_a_picture(source: bytes) -> str:
    if not source:
        return "文件为空，请检查后重新上传。"
    kind = next((name for head, name in _OTHERS.items() if source.startswith(head)), "")
    found = f"文件实际是 {kind}，" if kind else "文件不是图片或已损坏，"
    return f"{found}请另存为 PNG 或 JPEG 图片后上传。"
