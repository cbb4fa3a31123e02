"""Which text a countersign holds to."""

import hashlib
import json
from collections.abc import Mapping, Sequence


def text_digest(title: str, draft: Sequence[Mapping[str, str]]) -> str:
    """Return the SHA-256 of what is written: the title and the blocks, tokens in place of figures."""
    written = json.dumps([title, list(draft)], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
