"""`changai verify --package` finds what was touched in a package, without a database."""

import json
from datetime import date
from pathlib import Path

import pytest

from changai.cli.main import main
from changai.documents.packages import CONTENT, PROCESS, packed_bytes
from changai.documents.paper import Briefing, Imprint, Paragraph

PAPER = Briefing(
    masthead="示范市产改简报",
    issue_number=1,
    total_number=1,
    issuer="办公室",
    issued_on=date(2026, 11, 30),
    title="工作情况",
    blocks=(Paragraph(("工作正常。",)),),
    imprint=Imprint(),
)


def package(content: dict[str, object]) -> bytes:
    process = {"content_digest": PAPER.digest}
    files = {CONTENT: json.dumps(content).encode(), PROCESS: json.dumps(process).encode()}
    return packed_bytes([(f"0001 简报/{name}", text) for name, text in files.items()], {})


@pytest.mark.parametrize(
    ("written", "outcome", "told"),
    [
        (package(PAPER.to_dict()), 0, "共 5 个文件，全部相符；整包校验值"),
        (package(PAPER.to_dict() | {"title": "别的情况"}), 2, "内容与印发时的摘要不符"),
        (package(PAPER.to_dict()).replace(b"digest", b"diggst"), 2, "内容不符：data/0001 简报/办理过程.json"),
        (b"", 2, "不是归档包"),
    ],
)
def test_a_package_is_checked(
    tmp_path: Path, written: bytes, outcome: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "归档包.zip"
    place.write_bytes(written)
    assert main(["verify", "--package", str(place)]) == outcome
    assert told in capsys.readouterr().out


def test_a_package_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--package", str(tmp_path / "没有.zip")]) == 2
    assert "文件不存在" in capsys.readouterr().out
