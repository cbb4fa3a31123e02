"""`changai plan FILE`: what the parser proposes for a plan document, as JSON. Needs no database."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from changai.cli.terminal import write_out
from changai.core.errors import Unreadable
from changai.documents.intake.outline import propose
from changai.documents.intake.text import read_document


def register(commands: Any) -> None:
    """Add `plan` to the command line's `commands`."""
    parser = commands.add_parser("plan", help="读取方案（.docx、.txt），按条款层级输出 JSON")
    parser.add_argument("file", type=Path, metavar="FILE", help="方案或工作要点，.docx 或 .txt")
    parser.add_argument("--year", type=int, help="方案所属年份，用来确定“年底前”等日期")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the proposed outline of `arguments.file`; what was left out is told on standard error.

    :raises Unreadable: when the file cannot be read
    """
    file: Path = arguments.file
    try:
        source = file.read_bytes()
    except OSError as unreadable:
        raise Unreadable(f"{file.name}：文件打不开，请核对路径和权限。") from unreadable
    paper = read_document(source, name=file.name)
    for note in paper.notes:
        print(f"{file.name}：{note}。", file=sys.stderr)
    outline = propose(paper.text, year=arguments.year)
    written = json.dumps(outline.as_json(), ensure_ascii=False, indent=2)
    write_out(written)
    return 0
