"""The demonstration city: units with made-up, generic names. No real city, body or person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

CITY = ("S00", "示范市", "示范市", "city", "")
OFFICE = ("O01", "示范市总工会", "市总工会", "office", "S00")
# 示河区 came out of these two last year.
MERGED_COUNTIES = ("示上县", "示下县")
MERGED_INTO = "示河区"
SUBS = {"C01": ("示东经济开发区", "示东现代物流园"), "C08": ("示山产业集聚区", "示山电商产业园")}
FOUNDED_ON = date(2015, 1, 1)


@dataclass(frozen=True)
class UnitSeed:
    """A unit to be set up: its code, names, level and the code of the unit above."""

    code: str
    name: str
    short_name: str
    level: str
    parent_code: str


def names() -> dict[str, list[str]]:
    """Return the names of 成员单位, 县区 and 直属企业 in their order."""
    written = files("changai.cli.demonstration").joinpath("papers/units.txt").read_text(encoding="utf-8")
    return {kind: rest for kind, *rest in (part.split("\n") for part in written.strip().split("\n\n"))}


def units() -> Iterator[UnitSeed]:
    """Yield the units that exist today, parents first (the merged county not yet among them)."""
    yield UnitSeed(*CITY)
    yield UnitSeed(*OFFICE)
    for number, name in enumerate(names()["成员单位"], start=1):
        yield UnitSeed(f"M{number:02d}", name, name.removeprefix("市委").removeprefix("市"), "member", "S00")
    for number, name in enumerate(names()["县区"], start=1):
        if name != MERGED_INTO:
            yield UnitSeed(f"C{number:02d}", name, name, "county", "S00")
        else:
            yield from _merged_counties()
    for number, name in enumerate(names()["直属企业"], start=1):
        yield UnitSeed(f"E{number:02d}", name, name.removeprefix("示范"), "enterprise", "S00")
    for parent, below in SUBS.items():
        for number, name in enumerate(below, start=1):
            yield UnitSeed(f"{parent}-{number}", name, name, "sub", parent)


def _merged_counties() -> Iterator[UnitSeed]:
    for number, name in enumerate(MERGED_COUNTIES, start=1):
        yield UnitSeed(f"C9{number}", name, name, "county", "S00")


def merged_code() -> str:
    """Return the code of the county that came out of the merger."""
    return f"C{names()['县区'].index(MERGED_INTO) + 1:02d}"
