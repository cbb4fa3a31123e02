"""Stamps in files people carry away and bring back: values signed with the installation's secret."""

import json
from typing import Any

from django.core import signing


def stamped(purpose: str, values: dict[str, Any]) -> str:
    """Return the values as one signed text; `purpose` keeps stamps of one kind from passing for another."""
    return signing.dumps(values, salt=f"changai.stamp.{purpose}", compress=True)


def read_stamp(purpose: str, text: str) -> dict[str, Any] | None:
    """Return the values of a stamp made here for this purpose, or None when it is none or was changed."""
    try:
        values = signing.loads(text.strip(), salt=f"changai.stamp.{purpose}")
    except (signing.BadSignature, ValueError, json.JSONDecodeError):
        return None
    return values if isinstance(values, dict) else None
