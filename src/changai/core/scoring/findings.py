"""What is wrong with a scheme or with facts, told to the person who can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error stops scoring; a warning asks the office to look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the node it stands at (empty for the whole scheme), and one sentence in each language.

    `unit` and `field` name the figure at fault, for findings about facts. `place` is a further address such
    as "指标表 第 5 行 评分规则 列" and is empty when the code says enough. `category` is the table of the
    node, empty where the scheme has one table only; `member` is the part of the node at fault, such as "points".
    """

    node_code: str
    severity: Severity
    message_zh: str
    message_en: str
    place: str = ""
    unit: str = ""
    field: str = ""
    category: str = ""
    member: str = ""

    def message(self, lang: str = "zh") -> str:
        """Return the sentence with its place and node in front."""
        text = self.message_zh if lang == "zh" else self.message_en
        node = ""
        if self.node_code:
            node = f"指标 {self.node_code}" if lang == "zh" else f"node {self.node_code}"
        if self.category and self.category not in text:
            # Two tables may use one code.
            of_table = f"“{self.category}”" if lang == "zh" else f'"{self.category}" '
            node = (of_table + node).strip()
        colon = "：" if lang == "zh" else ": "
        return colon.join(part for part in (self.place, node, text) if part)


class Refused(ValueError):
    """The input cannot be used; `findings` lists every fault at once."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("；".join(finding.message() for finding in self.findings))


class SchemeRefused(Refused):
    """The scheme cannot be read or does not hold together."""


class FactsRefused(Refused):
    """A figure cannot be what it claims to be."""


def errors_of(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return only the findings that stop scoring."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
