"""The content of an official document (公文): 文件, 信函 or 纪要. Frozen data with a digest, as a briefing is."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from changai.documents.characters import single_line
from changai.documents.paper.blocks import Block, Signature, canonical_json, chinese_date
from changai.documents.paper.records import block_from_dict, block_to_dict, signature_from_dict

Kind = Literal["official", "letter", "minutes"]
RED = "FF0000"


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment: named below the body, and set on its own pages when it has blocks."""

    title: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """An official document. Without `number` it is a draft; a line end in `title` is kept as its break.

    `signers` make it an upward document (上行文). `colour` is RRGGBB of masthead and rules: red by the standard,
    the notice's own on a supervision notice. `copy_number` is the 份号. A letter has no `printed_by`.
    """

    kind: Kind
    masthead: str
    number: str
    issuer: str
    issued_on: date
    title: str
    recipients: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    signature: Signature | None = None
    attachments: tuple[Attachment, ...] = ()
    remark: str = ""
    copy_to: tuple[str, ...] = ()
    printed_by: str = ""
    signers: tuple[str, ...] = ()
    security: str = ""
    urgency: str = ""
    copy_number: int | None = None
    colour: str = RED

    @property
    def marks(self) -> tuple[str, ...]:
        """Return 份号, 密级和保密期限 and 紧急程度 as printed, from the top. Source: GB/T 9704-2012, 7.2.1-7.2.3."""
        number = "" if self.copy_number is None else f"{self.copy_number:06d}"
        return tuple(mark for mark in (number, single_line(self.security), single_line(self.urgency)) if mark)

    @property
    def recipients_text(self) -> str:
        """Return the main recipients as printed, or nothing when there are none."""
        return "、".join(map(single_line, self.recipients)) + "：" if self.recipients else ""

    @property
    def attachment_notes(self) -> tuple[str, ...]:
        """Return the names of the attachments as the note below the body lists them, numbered when several.

        Source: GB/T 9704-2012, 7.3.4.
        """
        names = [single_line(each.title) for each in self.attachments]
        return (
            tuple(names) if len(names) < 2 else tuple(f"{n}. {name}" for n, name in enumerate(names, start=1))
        )

    @property
    def all_blocks(self) -> tuple[Block, ...]:
        """Return the blocks of the body and of the attachments in reading order."""
        return (*self.blocks, *(block for each in self.attachments for block in each.blocks))

    @property
    def printed_lines(self) -> tuple[tuple[str, str], ...]:
        """Return (label, text) of each line of the imprint; the printing line has two texts parted by a tab.

        Source: GB/T 9704-2012, 7.4.2 and 7.4.3; 10.1: a letter's imprint names neither printer nor day.
        """
        copies = (("抄送", "，".join(map(single_line, self.copy_to)) + "。"),) if self.copy_to else ()
        if self.kind == "letter" or not self.printed_by:
            return copies
        return (*copies, ("", f"{single_line(self.printed_by)}\t{chinese_date(self.issued_on)}印发"))

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(canonical_json(self.to_dict()).encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """Return the document as plain JSON values; `from_dict` makes an equal one of them."""
        values: dict[str, Any] = {name: getattr(self, name) for name in _PLAIN}
        values |= {name: list(getattr(self, name)) for name in _LISTS}
        return {
            "format": "document/1",
            **values,
            "issued_on": self.issued_on.isoformat(),
            "blocks": [block_to_dict(block) for block in self.blocks],
            "signature": None if self.signature is None else block_to_dict(self.signature),
            "attachments": [
                {"title": each.title, "blocks": [block_to_dict(block) for block in each.blocks]}
                for each in self.attachments
            ],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Document":
        """Return the document `to_dict` was taken of.

        :raises KeyError: when a field is missing.
        :raises ValueError: when the format or a block is of no known kind.
        """
        if values["format"] != "document/1":
            raise ValueError(f"no document is of the format {values['format']!r}")
        signature = values["signature"]
        plain: dict[str, Any] = {name: values[name] for name in _PLAIN}
        plain |= {name: tuple(values[name]) for name in _LISTS}
        return cls(
            **plain,
            issued_on=date.fromisoformat(values["issued_on"]),
            blocks=tuple(block_from_dict(block) for block in values["blocks"]),
            signature=None if signature is None else signature_from_dict(signature),
            attachments=tuple(
                Attachment(each["title"], tuple(block_from_dict(block) for block in each["blocks"]))
                for each in values["attachments"]
            ),
        )


_PLAIN = (
    "kind", "masthead", "number", "issuer", "title", "remark", "printed_by", "security", "urgency", "copy_number",
    "colour",
)  # fmt: skip
_LISTS = ("recipients", "copy_to", "signers")
