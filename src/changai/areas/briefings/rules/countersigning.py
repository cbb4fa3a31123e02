"""Which text a countersign, or a submission to the head, holds to."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any


def text_digest(title: str, draft: Sequence[Mapping[str, str]]) -> str:
    """Return the SHA-256 of what is written: the title and the blocks, tokens in place of figures."""
    return _digest([title, list(draft)])


def submitted_digest(head: Mapping[str, str], draft: Sequence[Mapping[str, str]]) -> str:
    """Return the SHA-256 of what is handed to the head: everything around the text, and the blocks."""
    return _digest([dict(head), list(draft)])


def _digest(content: list[Any]) -> str:
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
