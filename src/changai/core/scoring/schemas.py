"""The JSON Schemas of what goes in and what comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from changai.core.scoring.model import scheme_schema
from changai.core.scoring.statuses import Status

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_DECIMAL: dict[str, Any] = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
_WHOLE: dict[str, Any] = {"type": "string", "pattern": r"^\d+$"}
_TEXT: dict[str, Any] = {"type": "string"}


def facts_schema() -> dict[str, Any]:
    """Return the schema of facts in long form: a list of rows."""
    row = {
        "unit": _TEXT,
        "field": _TEXT,
        "period": _TEXT,
        "value": {"type": ["string", "null"]},
        "status": {"enum": [str(status) for status in Status]},
        "note": _TEXT,
        "category": _TEXT,
    }
    return {
        "$schema": _DRAFT,
        "title": "changai facts, long form",
        "type": "array",
        "items": {
            "type": "object",
            "properties": row,
            "required": ["unit", "field"],
            "additionalProperties": False,
        },
    }


def result_schema() -> dict[str, Any]:
    """Return the schema of result.json."""
    leaf = _object(
        {
            "code": _TEXT,
            "name": _TEXT,
            "points": _DECIMAL,
            "full": _DECIMAL,
            "status": {"enum": list(Status)},
            "sentence": _TEXT,
        }
    )
    unit = _object(
        {
            "unit": _TEXT,
            **dict.fromkeys(("regular", "bonus", "penalty", "veto", "total"), _DECIMAL),
            "converted": _or_null(_DECIMAL),
            "rank": _or_null(_WHOLE),
            "grade": _or_null(_TEXT),
            "grade_reason": _TEXT,
            "ranked": {"type": "boolean"},
            "unranked_reasons": _list(_TEXT),
            "attainable": {**_list(_DECIMAL), "minItems": 2, "maxItems": 2},
            "applicable": _DECIMAL,
            "vetoes": _list(_TEXT),
            "leaves": _list(leaf),
            "adjustments": _list(leaf),
        }
    )
    varied = _object({"unit": _TEXT, **dict.fromkeys(("rank", "median", "p5", "p95"), _WHOLE)})
    robustness = {"draws": _WHOLE, "varied": _TEXT, "bands": _list(_list(_TEXT)), "units": _list(varied)}
    table = _object({"category": _TEXT, "digest": _TEXT, "units": _list(unit)})
    table["properties"]["robustness"] = _object(robustness)
    scheme = _object({"name": _TEXT, "version": _TEXT, "digest": _TEXT})
    whole = {"scheme": scheme, "engine_version": _TEXT, "seed": _or_null(_WHOLE), "tables": _list(table)}
    return {"$schema": _DRAFT, "title": "changai result", **_object(whole)}


SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "scheme": scheme_schema,
    "facts": facts_schema,
    "result": result_schema,
}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}
