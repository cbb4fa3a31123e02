"""What a unit may be called, and what may stand below what."""

import re
import unicodedata
from datetime import date

LONGEST_NAME = 80
LONGEST_SHORT_NAME = 20

CITY, OFFICE, MEMBER, COUNTY, ENTERPRISE, SUB = "city", "office", "member", "county", "enterprise", "sub"
LEVEL_NAMES = {
    CITY: "市级",
    OFFICE: "办公室",
    MEMBER: "成员单位",
    COUNTY: "县区",
    ENTERPRISE: "直属企业",
    SUB: "下属单位",
}
CITY_NAMES = {"city_name": 50, "body_name": 80, "office_name": 80, "office_short_name": 20}  # longest
# What a unit of a level may stand directly below; the city stands below nothing.
ABOVE: dict[str, frozenset[str]] = {
    CITY: frozenset(),
    OFFICE: frozenset({CITY}),
    MEMBER: frozenset({CITY}),
    COUNTY: frozenset({CITY}),
    ENTERPRISE: frozenset({CITY, MEMBER, COUNTY}),
    SUB: frozenset({CITY, OFFICE, MEMBER, COUNTY, ENTERPRISE, SUB}),
}
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z\-]{0,19}")


def cleaned(name: str) -> str:
    """Return a name without blanks around it or control characters in it."""
    return "".join(mark for mark in name if unicodedata.category(mark)[0] != "C").strip()


def folded_code(written: str) -> str:
    """Return a code as it is kept: half-width, without blanks."""
    return "".join(unicodedata.normalize("NFKC", written).split())


def naming_faults(code: str, name: str, short_name: str) -> dict[str, str]:
    """Return one Chinese sentence for each of `code`, `name`, `short_name` that cannot be used."""
    faults = {}
    if not _CODE.fullmatch(code):
        faults["code"] = "编号应为 1—20 位字母、数字或短横线，以字母或数字开头。"
    if not 1 <= len(name) <= LONGEST_NAME:
        faults["name"] = f"名称应为 1—{LONGEST_NAME} 个字。"
    if not 1 <= len(short_name) <= LONGEST_SHORT_NAME:
        faults["short_name"] = f"简称应为 1—{LONGEST_SHORT_NAME} 个字。"
    return faults


def nesting_fault(level: str, parent_level: str | None) -> str:
    """Return why a unit of `level` cannot stand below one of `parent_level` (None: below nothing)."""
    above = ABOVE[level]
    if parent_level is None:
        return f"{LEVEL_NAMES[level]}应有上级单位。" if above else ""
    if not above:
        return f"{LEVEL_NAMES[level]}没有上级单位，上级应留空。"
    if parent_level not in above:
        return f"{LEVEL_NAMES[level]}不能设在{LEVEL_NAMES[parent_level]}之下。"
    return ""


def is_loop(path: str, parent_path: str) -> bool:
    """Return whether a unit at `path` would stand below itself under a parent at `parent_path`."""
    return parent_path.startswith(path)


def date_fault(name: str, on: date, *, since: date, today: date) -> str:
    """Return why a change cannot take effect `on` a day, for a unit last changed `since`."""
    if on > today:
        return "生效日期不能晚于今天，请在生效当日或之后办理。"
    if on < since:
        return f"“{name}”在 {since:%Y-%m-%d} 已有设立或变更登记，生效日期不能早于该日。"
    return ""
