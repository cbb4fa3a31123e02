"""Reads what people type about commendations: the composition asked for, and the list, one line each."""

import re
from fractions import Fraction

from changai.core.errors import Invalid

_QUOTA = re.compile(
    r"(?:(?P<base>.+?)中的?)?(?P<group>.+?)\s*(?P<word>不低于|不少于|不高于|不超过|不多于)\s*(?P<share>\d+(?:\.\d+)?)\s*[%％]"
)
_LEAST = {"不低于", "不少于"}
_PARTED = re.compile(r"[，,\t]")
_GROUPS = re.compile(r"[、；;\s]+")
Quota = dict[str, str]


def quotas_in(text: str) -> list[Quota]:
    """Return the quotas typed, one a line: 产业工人不低于35%, 机关人员中县处级不高于20%.

    :raises Invalid: with one fault for each line that is not understood
    """
    found, faults = [], []
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _QUOTA.fullmatch(line.rstrip("。；;"))
        if match is None or Fraction(match["share"]) > 100:
            faults.append(f"“{line[:30]}”看不懂，请写成“产业工人不低于35%”的样子。")
            continue
        side = "least" if match["word"] in _LEAST else "most"
        row = {
            "group": match["group"].strip(),
            "base": (match["base"] or "").strip(),
            "least": "",
            "most": "",
        }
        found.append(row | {side: match["share"]})
    if faults:
        raise Invalid("结构比例没有保存，请改正。", faults=tuple(faults))
    return found


def nominees_in(text: str) -> list[dict[str, object]]:
    """Return the list typed, one a line: 姓名，单位，产业工人、女.

    :raises Invalid: with one fault for each line that is not understood
    """
    found, faults = [], []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, employer, *rest = [part.strip() for part in (*_PARTED.split(line, maxsplit=2), "")][:3]
        if not name or not employer:
            faults.append(f"“{line[:30]}”缺少姓名或单位，请写成“姓名，单位，类别、类别”的样子。")
            continue
        groups = [group for group in _GROUPS.split(rest[0] if rest else "") if group]
        found.append({"name": name[:40], "employer": employer[:80], "groups": groups})
    if faults:
        raise Invalid("名单没有保存，请改正。", faults=tuple(faults))
    return found


def quota_lines(quotas: list[Quota]) -> str:
    """Return quotas as they are typed."""
    return "\n".join(
        f"{row['base'] + '中' if row['base'] else ''}{row['group']}"
        f"{'不低于' + row['least'] if row['least'] else '不高于' + row['most']}%"
        for row in quotas
    )


def nominee_lines(nominees: list[dict[str, object]]) -> str:
    """Return a list as it is typed."""
    return "\n".join(
        "，".join(filter(None, (str(row["name"]), str(row["employer"]), "、".join(_texts(row["groups"])))))
        for row in nominees
    )


def _texts(groups: object) -> list[str]:
    return [str(group) for group in groups] if isinstance(groups, list) else []
