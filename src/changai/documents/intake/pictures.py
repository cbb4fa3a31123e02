"""A picture that a unit or the office uploads for a paper: cleaned, and no larger than print needs."""

import base64
import hashlib
from dataclasses import dataclass

from changai.documents.intake.sandbox import Limits, parse_limited

MOST_MEGABYTES = 20
_LIMITS = Limits(source_bytes=MOST_MEGABYTES * 1024 * 1024, packages=("PIL",))


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A PNG or JPEG picture to be kept under its SHA-256; `width` and `height` are in pixels."""

    content: bytes
    digest: str
    width: int
    height: int


def read_picture(source: bytes, *, name: str) -> CleanPicture:
    """Return the PNG or JPEG file `source` written anew: upright, on white, without place, device or comment.

    It has no more than 300 pixels to the inch of a paper's block.

    :param name: the file's name as the user knows it; begins every refusal
    :raises Unreadable: when it is no picture, damaged or too large, with a sentence that says what to do
    """
    clean = parse_limited("changai.documents.intake.raster:clean", source, name=name, limits=_LIMITS)
    content = base64.b64decode(clean["content"])
    return CleanPicture(content, hashlib.sha256(content).hexdigest(), clean["width"], clean["height"])
