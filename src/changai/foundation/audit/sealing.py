"""How a line is sealed: canonical JSON under a keyed digest, each line tied to the one before."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

FIRST = "0" * 64
SEALED_FIELDS = (
    "sequence",
    "actor_id",
    "actor_name",
    "role",
    "unit_id",
    "address",
    "act",
    "object_type",
    "object_id",
    "detail",
    "algorithm",
    "previous_mac",
)


def preferred_algorithm() -> str:
    """Return `sm3` where this Python's OpenSSL has it, else `sha256`. Stored with every line."""
    return "sm3" if "sm3" in hashlib.algorithms_available else "sha256"


def seal(key: bytes, line: Mapping[str, Any], *, at: datetime) -> str:
    """Return the line's seal in hex. `line` has all of `SEALED_FIELDS`; `at` is aware."""
    content = {name: line[name] for name in SEALED_FIELDS}
    content["at"] = at.astimezone(UTC).isoformat(timespec="microseconds")
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, canonical.encode(), content["algorithm"]).hexdigest()
