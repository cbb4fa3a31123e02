"""What an indicator says, as a short mark: two people who change the same one are told of each other."""

import hashlib
import json
from typing import Any

from changai.core.scoring import Bonus, Node, Penalty, Veto
from changai.core.scoring.codec import write_members


def mark_of(part: Node | Bonus | Penalty | Veto, waiting: Any = None) -> str:
    """Return the mark of an indicator without what stands below it; `waiting` is its unconfirmed sentence."""
    written = write_members(part)
    written.pop("children", None)
    text = json.dumps([written, waiting], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:20]
