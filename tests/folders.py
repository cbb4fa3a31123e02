"""Folders that runs left in the temporary folder because they were killed before they could remove them."""

import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PLACES = (Path(tempfile.gettempdir()), Path("/tmp"))  # noqa: S108 - clusters lie here, see postgresql.py
PREFIXES = ("changai-test-", "changai-pg-", "changai-bench-")
A_DAY = 24 * 60 * 60  # no run takes as long: what is older belongs to nobody


def remove_forgotten() -> None:
    """Remove our folders that nothing has touched for a day."""
    before = time.time() - A_DAY
    found = {folder for place in PLACES for prefix in PREFIXES for folder in place.glob(f"{prefix}*")}
    for folder in found:
        with suppress(OSError):  # another run removes it at the same moment
            if folder.is_dir() and not folder.is_symlink() and folder.stat().st_mtime < before:
                shutil.rmtree(folder, ignore_errors=True)
