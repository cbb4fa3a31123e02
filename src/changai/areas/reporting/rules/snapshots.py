"""What was signed, as a frozen value: its digest, and what changed from one to the next."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from changai.areas.reporting.rules.cells import FIGURE_COLUMNS, TASK_COLUMNS

Content = dict[str, Any]


def digest_of(content: Content) -> str:
    """Return the SHA-256 of the content in its one canonical spelling, as 64 hexadecimal digits."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Difference:
    """A cell that says something else than before. Both sides are as written in the cell."""

    cell: str
    line: str
    column: str
    before: str
    after: str


def differences(old: Content, new: Content) -> tuple[Difference, ...]:
    """Return what changed between two submissions of a report, in the order of the newer one."""
    before = dict(_cells(old))
    after = dict(_cells(new))
    changed = [
        Difference(cell, line, column, before.get(cell, ("", "", ""))[2], value)
        for cell, (line, column, value) in after.items()
        if before.get(cell, ("", "", ""))[2] != value
    ]
    gone = [
        Difference(cell, line, column, value, "")
        for cell, (line, column, value) in before.items()
        if cell not in after and value
    ]
    return (*changed, *gone)


def _cells(content: Content) -> Iterator[tuple[str, tuple[str, str, str]]]:
    for kind, rows, key, name, columns in (
        ("task", content["tasks"], "claim_id", "text", TASK_COLUMNS),
        ("figure", content["figures"], "field_id", "name", FIGURE_COLUMNS),
    ):
        for row in rows:
            for column, label in columns.items():
                yield f"{kind}:{row[key]}:{column}", (row[name], label, row[column])
            files = "、".join(file["name"] for file in row["evidence"])
            yield f"{kind}:{row[key]}:evidence", (row[name], "佐证材料", files)
            for part in row.get("parts", ()):
                yield (
                    f"part:{part['part_id']}:value",
                    (f"{row[name]}：{part['name']}", "本月数", part["value"]),
                )
    # What was signed before forms asked for words holds none.
    for row in content.get("words", ()):
        yield f"words:{row['line_id']}:text", (row["title"], "内容", row["text"])
