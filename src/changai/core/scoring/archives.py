"""A result kept for good: scheme, figures and printed result in one file that any later release can score again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from changai.core.scoring.facts import Facts
from changai.core.scoring.findings import Refused
from changai.core.scoring.model import Scheme
from changai.core.scoring.scorecard import ENGINE_VERSION, Scorecard, score
from changai.core.scoring.statuses import Status

FORMAT = "changai result/1"
# Members that are sentences for people: a later release may word them better, it may not count otherwise.
SPOKEN = frozenset({"sentence", "grade_reason", "unranked_reasons"})
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_PARTS = ("format", "name", "category", "engine_version", "scheme", "facts", "exemptions", "result")


class NotAnArchive(ValueError):
    """The file is not an archived result; the text is the Chinese sentence that says why."""


@dataclass(frozen=True)
class Replayed:
    """What scoring an archive again comes to: the digest, and what differs from what it keeps."""

    name: str
    digest: str
    differences: tuple[str, ...]

    @property
    def is_identical(self) -> bool:
        return not self.differences


def archive_of(card: Scorecard, *, name: str) -> dict[str, Any]:
    """Return a scored category as plain JSON values: everything needed to score it again, and the result."""
    facts = [
        [unit, field, None if value is None else _plain(value), str(fact.status), fact.note]
        for field in sorted(card.facts.columns)
        for unit in card.units
        for fact in (card.facts.fact(unit, field),)
        for value in (fact.value,)
    ]
    return {
        "format": FORMAT,
        "name": name,
        "category": card.table.category,
        "engine_version": ENGINE_VERSION,
        "scheme": card.scheme.to_dict(),
        "units": list(card.units),
        "facts": facts,
        "exemptions": [[unit, code, reason] for (unit, code), reason in sorted(card.exempt.reasons.items())],
        "result": card.result(),
    }


def _plain(value: Decimal | str) -> str:
    return value if isinstance(value, str) else f"{value.normalize():f}"


def card_of_archive(kept: Mapping[str, Any]) -> Scorecard:
    """Return the scorecard of an archive, scored by this release.

    :raises NotAnArchive: when it is none, or was changed so that it cannot be read
    """
    missing = [part for part in _PARTS if part not in kept]
    if missing or kept["format"] != FORMAT:
        raise NotAnArchive(f"不是考核结果存档文件（缺少或不符：{'、'.join(missing) or 'format'}）。")
    try:
        scheme = Scheme.from_json(kept["scheme"])
        rows = [
            (unit, field, value, Status(status), note) for unit, field, value, status, note in kept["facts"]
        ]
        facts = Facts.from_rows(rows, units=kept["units"])
        exempt = {(unit, code): reason for unit, code, reason in kept["exemptions"]}
        return score(scheme, kept["category"], facts, not_applicable=exempt)
    except (Refused, KeyError, TypeError, ValueError) as fault:
        raise NotAnArchive(f"存档内容无法读取：{fault}") from fault


def replay_archive(kept: Mapping[str, Any]) -> Replayed:
    """Return what this release makes of an archive, compared with the result it keeps. Of sentences the numbers
    are compared.

    :raises NotAnArchive: when it is none
    """
    card = card_of_archive(kept)
    told: list[str] = []
    kept_units = {each["unit"]: each for each in kept["result"]["units"]}
    now = {each["unit"]: each for each in card.result()["units"]}
    if card.digest != kept["result"]["digest"]:
        told.append("指标体系、数据或计分程序与存档时不同，摘要值不一致。")
    if list(kept_units) != list(now):
        told.append("参加计分的单位或名次顺序与存档时不同。")
    told += [
        f"{unit}：{what}"
        for unit, before in kept_units.items()
        if unit in now
        for what in _differences(figures_said(before), figures_said(now[unit]))
    ]
    return Replayed(str(kept["name"]), card.digest, tuple(told))


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    told = [
        f"“{key}”存档为 {before.get(key)}，重新计算为 {after.get(key)}。"
        for key in before
        if key not in {"leaves", "adjustments"} and before.get(key) != after.get(key)
    ]
    for part in ("leaves", "adjustments"):
        now = {each["code"]: each for each in after[part]}
        told += [
            f"指标 {each['code']} 的得分或说明与存档时不同。"
            for each in before[part]
            if now.get(each["code"]) != each
        ]
    return told


def figures_said(kept: Any, *, is_spoken: bool = False) -> Any:
    """Return what is kept with every sentence in it reduced to the numbers it says."""
    if isinstance(kept, dict):
        return {key: figures_said(value, is_spoken=is_spoken or key in SPOKEN) for key, value in kept.items()}
    if isinstance(kept, list | tuple):
        return [figures_said(value, is_spoken=is_spoken) for value in kept]
    return _NUMBER.findall(kept) if is_spoken and isinstance(kept, str) else kept
