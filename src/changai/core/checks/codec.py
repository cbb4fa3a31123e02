"""Kinds as JSON values and back."""

from dataclasses import fields
from decimal import Decimal
from typing import Any, get_type_hints

from changai.core.checks.kinds import KINDS, Kind


def as_json(kind: Kind) -> dict[str, Any]:
    """Return the kind's values as JSON, numbers as decimal strings."""
    return {found.name: _plain(getattr(kind, found.name)) for found in fields(kind)}


def kind_from(code: str, values: dict[str, Any]) -> Kind:
    """Return the kind called `code` with its values.

    :raises KeyError: when there is no such kind
    :raises ValueError: when a value is missing or of another shape
    """
    made = KINDS[code]
    hints = get_type_hints(made)
    given = {found.name: _typed(hints[found.name], values.get(found.name)) for found in fields(made)}
    try:
        return made(**{name: value for name, value in given.items() if value is not None})
    except TypeError as wrong:
        raise ValueError(f"no {code}: {values}") from wrong


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _typed(hint: Any, value: Any) -> Any:
    """Return the value as the field holds it; None leaves the field to its default."""
    if value is None or value == "":
        return None
    shape = str(hint)
    if "Decimal" in shape:
        return _number(value)
    if "tuple" in shape:
        return tuple(str(one) for one in value)
    if hint is bool:
        return bool(value)
    return int(value) if "int" in shape else str(value)


def _number(value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except ArithmeticError as wrong:
        raise ValueError(f"no number: {value}") from wrong
    if not number.is_finite():
        raise ValueError(f"no number: {value}")
    return number
