"""The content of a 简报: frozen data that goes to JSON and back without loss and has a digest."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from changai.documents.characters import single_line
from changai.documents.paper.blocks import Block, canonical_json
from changai.documents.paper.records import block_from_dict, block_to_dict


@dataclass(frozen=True, slots=True)
class Imprint:
    """报 (superiors), 送 (equals), 发 (subordinates) and the number of copies printed."""

    report_to: tuple[str, ...] = ()
    send_to: tuple[str, ...] = ()
    distribute_to: tuple[str, ...] = ()
    copies: int | None = None

    @property
    def printed_lines(self) -> tuple[tuple[str, str], ...]:
        """Return (label, text) of each line in printed order; the number of copies has no label."""
        groups = (("报", self.report_to), ("送", self.send_to), ("发", self.distribute_to))
        receivers = tuple(
            (label, "，".join(map(single_line, names)) + "。") for label, names in groups if names
        )
        return receivers if self.copies is None else (*receivers, ("", f"（共印{self.copies}份）"))


@dataclass(frozen=True, slots=True)
class Briefing:
    """A 简报. `issue_number` is None while it is a draft; a line end in `title` is kept as its break."""

    masthead: str
    issue_number: int | None
    total_number: int | None
    issuer: str
    issued_on: date
    title: str
    recipients: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    imprint: Imprint = Imprint()
    security: str = ""
    urgency: str = ""

    @property
    def issue_text(self) -> str:
        """Return 第3期（总第15期）, with a gap for a number not yet given."""
        number = "　" if self.issue_number is None else str(self.issue_number)
        return f"第{number}期" + (f"（总第{self.total_number}期）" if self.total_number is not None else "")

    @property
    def marks(self) -> str:
        """Return 密级 and 紧急程度 as printed on the first line."""
        return "　".join(single_line(mark) for mark in (self.security, self.urgency) if mark)

    @property
    def recipients_text(self) -> str:
        """Return the recipients as printed, or nothing when there are none."""
        return "、".join(map(single_line, self.recipients)) + "：" if self.recipients else ""

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(canonical_json(self.to_dict()).encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Return the paper as plain JSON values; `from_dict` makes an equal paper of them."""
        return _briefing_to_dict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Briefing":
        """Return the paper `to_dict` was taken of.

        :raises KeyError: when a field is missing.
        :raises ValueError: when a block is of no known kind or a date is none.
        """
        return _briefing_from_dict(values)


def _briefing_to_dict(paper: Briefing) -> dict[str, Any]:
    return {
        "format": "briefing/1",
        "masthead": paper.masthead,
        "issue_number": paper.issue_number,
        "total_number": paper.total_number,
        "issuer": paper.issuer,
        "issued_on": paper.issued_on.isoformat(),
        "title": paper.title,
        "recipients": list(paper.recipients),
        "blocks": [block_to_dict(block) for block in paper.blocks],
        "imprint": {
            "report_to": list(paper.imprint.report_to),
            "send_to": list(paper.imprint.send_to),
            "distribute_to": list(paper.imprint.distribute_to),
            "copies": paper.imprint.copies,
        },
        "security": paper.security,
        "urgency": paper.urgency,
    }


def _briefing_from_dict(values: Mapping[str, Any]) -> Briefing:
    if values["format"] != "briefing/1":
        raise ValueError(f"no paper is of the format {values['format']!r}")
    imprint = values["imprint"]
    return Briefing(
        masthead=values["masthead"],
        issue_number=values["issue_number"],
        total_number=values["total_number"],
        issuer=values["issuer"],
        issued_on=date.fromisoformat(values["issued_on"]),
        title=values["title"],
        recipients=tuple(values["recipients"]),
        blocks=tuple(block_from_dict(block) for block in values["blocks"]),
        imprint=Imprint(
            report_to=tuple(imprint["report_to"]),
            send_to=tuple(imprint["send_to"]),
            distribute_to=tuple(imprint["distribute_to"]),
            copies=imprint["copies"],
        ),
        security=values["security"],
        urgency=values["urgency"],
    )
