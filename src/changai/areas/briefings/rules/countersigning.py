"""Which text a countersign, or a submission to the head, holds to."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

# What a word holds to beside title and blocks: who signs, to whom the paper goes and how urgent it is.
WORD_HEAD = ("signers", "recipients", "urgency", "copy_to", "report_to", "send_to", "distribute_to")


def text_digest(title: str, draft: Sequence[Mapping[str, str]]) -> str:
    """Return the SHA-256 of title and blocks, figures as tokens: what words held to before the head counted."""
    return _digest([title, list(draft)])


def word_digest(title: str, head: Mapping[str, str], draft: Sequence[Mapping[str, str]]) -> str:
    """Return the SHA-256 of what a unit's word holds to: the title, the `WORD_HEAD`, and the blocks."""
    return _digest([title, {name: head[name] for name in WORD_HEAD}, list(draft)])


def submitted_digest(head: Mapping[str, str], draft: Sequence[Mapping[str, str]]) -> str:
    """Return the SHA-256 of what is handed to the head: everything around the text, and the blocks."""
    return _digest([dict(head), list(draft)])


def _digest(content: list[Any]) -> str:
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
