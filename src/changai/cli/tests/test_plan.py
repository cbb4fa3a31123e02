"""`changai plan FILE` as a person calls it: a process of its own, without Django or a database."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import pytest

from changai.cli import plan
from changai.core.errors import Unreadable
from changai.documents.intake.tests.files import docx_parts, make_zip

PROGRAMME = """
import sys
from changai.cli import plan
import argparse
parser = argparse.ArgumentParser()
plan.register(parser.add_subparsers())
arguments = parser.parse_args(sys.argv[1:])
code = arguments.run(arguments)
assert not [name for name in sys.modules if name.split(".")[0] in ("django", "numpy", "openpyxl")]
sys.exit(code)
"""


def test_the_outline_is_printed_as_json_without_django(tmp_path: Path) -> None:
    file = tmp_path / "方案.txt"
    file.write_bytes("示范市方案\n\n一、总体要求\n年底前完成培训200人次。\n".encode("gb18030"))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAMME, "plan", str(file), "--year", "2026"],
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    written = done.stdout.decode("utf-8")
    assert '\n  "clauses": [\n' in written
    outline = json.loads(written)
    assert outline["title"] == "示范市方案"
    assert outline["clauses"][0]["measures"][0]["dates"] == [{"text": "年底前", "normal": "2026-12-31"}]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("方案.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "旧版 Word"),
        ("方案.pdf", b"%PDF", "只接收 .docx 和 .txt"),
        ("没有.txt", None, "打不开"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes | None, told: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable, match=told) as refused:
        plan.run(argparse.Namespace(file=tmp_path / name, year=None))
    assert "\n" not in str(refused.value)


def test_what_was_left_out_goes_to_standard_error(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "方案.docx"
    file.write_bytes(make_zip(docx_parts("<w:p><w:r><w:t>一、甲</w:t></w:r><w:r><w:drawing/></w:r></w:p>")))
    assert plan.run(argparse.Namespace(file=file, year=None)) == 0
    shown = capfdbinary.readouterr()
    assert shown.err.decode() == "方案.docx：文本框和图片未读取。\n"
    assert json.loads(shown.out)["clauses"][0]["label"] == "一、"
