"""Published cases and the founding text, which lie beside the project when present and are never copied into it."""

from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"
CASES = SHARED / "cases"
SPEECH = SHARED / "reference" / "speech.txt"
