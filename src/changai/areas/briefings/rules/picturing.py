"""How a draft names a picture: by the digest of its bytes and its size."""

import re
from typing import NamedTuple

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
