"""The demonstration's indicator system, written for it; the office loads it as a workbook."""

import json
from importlib.resources import files
from typing import Any


def scheme(year: int) -> dict[str, Any]:
    """Return the indicator system of a year as the scoring core's JSON object."""
    paper = files("changai.cli.demonstration").joinpath("papers/indicator_system.json")
    written: dict[str, Any] = json.loads(paper.read_text(encoding="utf-8"))
    return written | {"year": year}
