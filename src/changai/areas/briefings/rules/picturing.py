"""How a draft names a picture: by the digest of its bytes and its size."""

import re
from collections.abc import Mapping
from typing import NamedTuple

# How wide a picture stands: the words for it, and the part of the text's width it takes at most.
WIDTHS: Mapping[str, tuple[str, float]] = {
    "": ("与正文同宽", 1.0),
    "75": ("正文宽的四分之三", 0.75),
    "50": ("正文宽的一半", 0.5),
}
_SOURCE = re.compile(r"([0-9a-f]{64})\.([1-9]\d{0,4})x([1-9]\d{0,4})")


class PictureSource(NamedTuple):
    """A kept picture; `width` and `height` are in pixels."""

    digest: str
    width: int
    height: int

    @property
    def written(self) -> str:
        """Return it as a draft keeps it."""
        return f"{self.digest}.{self.width}x{self.height}"


def picture_source(written: str) -> PictureSource | None:
    """Return what a draft names, or None when it names no picture."""
    found = _SOURCE.fullmatch(written)
    return PictureSource(found[1], int(found[2]), int(found[3])) if found else None
