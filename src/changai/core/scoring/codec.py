"""How scheme objects travel as JSON: one declaration a field for reading, writing and the schema."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints

from changai.core.scoring.decimals import NotANumber, to_number, write_number
from changai.core.scoring.findings import Finding, Severity


class _Fault:
    """Stands for a value that could not be read; the fault itself is in the report."""


FAULT = _Fault()
Schema = dict[str, Any]


class Report:
    """Where the reader stands, and every fault found so far."""

    def __init__(
        self, above: Report | None = None, *, code: str = "", path: str = "", table: str = ""
    ) -> None:
        self.findings: list[Finding] = above.findings if above is not None else []
        # Where a default stands for an unreadable value, so that nothing is concluded from it.
        self.doubtful: set[tuple[str, str]] = above.doubtful if above is not None else set()
        self.code = code
        self.path = path
        self.table = table

    def inside(self, step: str) -> Report:
        """Return the report for one step further in."""
        path = f"{self.path}.{step}" if self.path else step
        return Report(self, code=self.code, path=path, table=self.table)

    def at(self, code: str) -> Report:
        """Return the report for the node of this code; paths start again there."""
        return Report(self, code=code, table=self.table)

    def of_table(self, category: str) -> Report:
        """Return the report for the table of this category."""
        return Report(self, code=self.code, path=self.path, table=category)

    def fault(self, zh: str, en: str) -> _Fault:
        """Add one error and return the stand-in for the unreadable value."""
        where_zh = f"{self.path} " if self.path else ""
        zh, en = f"{where_zh}{zh}", f"{where_zh}{en}"
        steps = [step for step in self.path.split(".") if step != "tables" and not step.startswith("[")]
        member = steps[0] if steps else ""
        self.findings.append(Finding(self.code, Severity.ERROR, zh, en, category=self.table, member=member))
        return FAULT


@dataclass(frozen=True)
class Kind:
    """One kind of field: how it is read, written, and described."""

    read: Callable[[Any, Report], Any]
    write: Callable[[Any], Any]
    schema: Callable[[], Schema]


def _read_number(source: Any, report: Report) -> Any:
    try:
        return to_number(source)
    except NotANumber:
        return report.fault(f"应为十进制数，现为 {source!r}", f"must be a decimal number, found {source!r}")


def _read_text(source: Any, report: Report) -> Any:
    if isinstance(source, str):
        return source
    if isinstance(source, int) and not isinstance(source, bool):
        return str(source)
    return report.fault(f"应为文字，现为 {source!r}", f"must be text, found {source!r}")


def _read_flag(source: Any, report: Report) -> Any:
    if isinstance(source, bool):
        return source
    return report.fault(f"应为 true 或 false，现为 {source!r}", f"must be true or false, found {source!r}")


def _read_integer(source: Any, report: Report) -> Any:
    if isinstance(source, int) and not isinstance(source, bool):
        return source
    if isinstance(source, str) and source.isdecimal():
        return int(source)
    return report.fault(f"应为整数，现为 {source!r}", f"must be an integer, found {source!r}")


def _number_schema() -> Schema:
    return {"type": ["string", "number"], "pattern": r"^[+-]?(\d+(\.\d*)?|\.\d+|\d+/[1-9]\d*)$"}


NUMBER = Kind(_read_number, write_number, _number_schema)
TEXT = Kind(_read_text, str, lambda: {"type": "string"})
FLAG = Kind(_read_flag, bool, lambda: {"type": "boolean"})
INTEGER = Kind(_read_integer, int, lambda: {"type": ["integer", "string"]})


def optional(kind: Kind) -> Kind:
    """Return the kind that also accepts null."""
    return Kind(
        lambda source, report: None if source is None else kind.read(source, report),
        lambda value: None if value is None else kind.write(value),
        lambda: {"anyOf": [kind.schema(), {"type": "null"}]},
    )


def choice(*allowed: str) -> Kind:
    """Return the kind of a closed set of words."""

    def read(source: Any, report: Report) -> Any:
        if source in allowed:
            return source
        words = "、".join(allowed)
        return report.fault(f"只能是 {words}，现为 {source!r}", f"must be one of {words}, found {source!r}")

    return Kind(read, str, lambda: {"enum": list(allowed)})


def sequence(kind: Kind) -> Kind:
    """Return the kind of a list, held as a tuple."""

    def read(source: Any, report: Report) -> Any:
        if not isinstance(source, list | tuple):
            return report.fault(f"应为列表，现为 {source!r}", f"must be a list, found {source!r}")
        items = [kind.read(item, report.inside(f"[{place + 1}]")) for place, item in enumerate(source)]
        return FAULT if any(item is FAULT for item in items) else tuple(items)

    return Kind(
        read,
        lambda items: [kind.write(item) for item in items],
        lambda: {"type": "array", "items": kind.schema()},
    )


def pair(first: Kind, second: Kind) -> Kind:
    """Return the kind of a list of exactly two."""

    def read(source: Any, report: Report) -> Any:
        if not isinstance(source, list | tuple) or len(source) != 2:
            return report.fault(
                f"应为两个值的列表，现为 {source!r}", f"must be a list of two, found {source!r}"
            )
        both = (first.read(source[0], report), second.read(source[1], report))
        return FAULT if FAULT in both else both

    def schema() -> Schema:
        return {
            "type": "array",
            "prefixItems": [first.schema(), second.schema()],
            "minItems": 2,
            "maxItems": 2,
        }

    return Kind(read, lambda both: [first.write(both[0]), second.write(both[1])], schema)


def mapping(kind: Kind) -> Kind:
    """Return the kind of an object with free keys, held as a tuple of pairs in the order given."""

    def read(source: Any, report: Report) -> Any:
        if not isinstance(source, Mapping):
            return report.fault(
                f"应为“名称: 值”的对照，现为 {source!r}", f"must be an object, found {source!r}"
            )
        items = [(str(key), kind.read(value, report.inside(str(key)))) for key, value in source.items()]
        return FAULT if any(value is FAULT for _, value in items) else tuple(items)

    def schema() -> Schema:
        return {"type": "object", "additionalProperties": kind.schema()}

    return Kind(read, lambda items: {key: kind.write(value) for key, value in items}, schema)


@cache
def kinds_of(cls: type) -> dict[str, Kind]:
    """Return the kind of every travelling field: those annotated `Annotated[type, kind]`."""
    hints = get_type_hints(cls, include_extras=True)
    found: dict[str, Kind] = {}
    for each in dataclasses.fields(cls):
        for extra in getattr(hints[each.name], "__metadata__", ()):
            found[each.name] = extra
    return found


@cache
def _defaults(cls: type) -> dict[str, Any]:
    return {
        each.name: each.default for each in dataclasses.fields(cls) if each.default is not dataclasses.MISSING
    }


def read_members(cls: type, source: Mapping[str, Any], report: Report) -> Any:
    """Return an instance of the dataclass `cls` from a JSON object, or FAULT, with every fault reported.

    Past an unknown key, or an unreadable value that has a default, the rest is still read: what does not hold
    together elsewhere can then be told in the same answer. The report, not the return, says whether it may be used.
    """
    kinds, defaults = kinds_of(cls), _defaults(cls)
    faulty = False
    for key in source:
        if key not in kinds:
            allowed = "、".join(kinds)
            report.fault(f"不认识的项“{key}”，可用：{allowed}", f'unknown key "{key}"; allowed: {allowed}')
            if report.code and report.path:
                # Misspelt within a rule, it may have been the very bound that is then missed.
                report.doubtful.add((report.table, report.code))
    values: dict[str, Any] = {}
    for name, kind in kinds.items():
        if name in source:
            values[name] = kind.read(source[name], report.inside(name))
            if values[name] is FAULT:
                # A list without its unreadable member would have other sums than the one that was written.
                faulty = faulty or defaults.get(name, ()) == ()
                values[name] = defaults.get(name)
                report.doubtful.add((report.table, report.code))
        elif name not in defaults:
            report.fault(f"缺少“{name}”", f'"{name}" is missing')
            faulty = True
    return FAULT if faulty else cls(**values)


def write_members(value: Any) -> dict[str, Any]:
    """Return the JSON object of a dataclass instance; members at their default are left out."""
    cls: type = type(value)
    defaults = _defaults(cls)
    written: dict[str, Any] = {}
    for name, kind in kinds_of(cls).items():
        held = getattr(value, name)
        if name not in defaults or held != defaults[name]:
            written[name] = kind.write(held)
    return written


def members_schema(cls: type) -> Schema:
    """Return the JSON Schema of a dataclass."""
    kinds, defaults = kinds_of(cls), _defaults(cls)
    return {
        "type": "object",
        "properties": {name: kind.schema() for name, kind in kinds.items()},
        "required": [name for name in kinds if name not in defaults],
        "additionalProperties": False,
    }


def family(
    members: Mapping[str, type], definition: str, plain_text: Callable[[str], Any] | None = None
) -> Kind:
    """Return the kind of an object whose "rule", "measure" or "condition" key names one of `members`.

    `members` may be filled later. `definition` is both that key and the name of the schema definition;
    `plain_text` reads a bare string, for families that have a short form.
    """

    def read(source: Any, report: Report) -> Any:
        if isinstance(source, str) and plain_text is not None:
            return plain_text(source)
        allowed = "、".join(members)
        if not isinstance(source, Mapping):
            return report.fault(
                f"应为含“{definition}”的对象，现为 {source!r}", f'must be an object with "{definition}"'
            )
        # The earlier notes wrote "rule" for measures too; both keys name the type.
        key = definition if definition in source else "rule"
        cls = members.get(str(source.get(key)))
        if cls is None:
            found = source.get(key)
            return report.fault(
                f"没有“{found}”这种写法，可用：{allowed}", f'"{found}" is not in the closed set: {allowed}'
            )
        return read_members(cls, {name: value for name, value in source.items() if name != key}, report)

    def write(value: Any) -> Any:
        return {definition: type(value).__name__, **write_members(value)}

    return Kind(read, write, lambda: {"$ref": f"#/$defs/{definition}"})


def family_schema(members: Mapping[str, type], definition: str) -> Schema:
    """Return the schema definition of a family: one alternative per member."""
    alternatives = []
    for name, cls in members.items():
        schema = members_schema(cls)
        schema["properties"] = {definition: {"const": name}, **schema["properties"]}
        schema["required"] = [definition, *schema["required"]]
        alternatives.append(schema)
    return {"oneOf": alternatives}
