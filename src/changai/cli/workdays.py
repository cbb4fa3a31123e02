"""`changai workdays`: the working days as known here, and loading a year's arrangement without a network."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from changai.core.errors import Unreadable

if TYPE_CHECKING:
    from changai.core.workdays import YearPlan


def register(commands: Any) -> None:
    """Add `workdays` to the command line's `commands`."""
    parser = commands.add_parser("workdays", help="查看工作日历；从通知文本或年度文件载入一年的放假安排")
    parser.add_argument("--load", type=Path, metavar="FILE", help="通知全文（.txt）或年度文件（.json）")
    parser.add_argument("--confirm", action="store_true", help="载入；不加时只核对，不作改动")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the known years; or read a file, print what it says, and load it when told to.

    :raises Unreadable: when the file cannot be read
    :raises Invalid: when it holds no sound arrangement
    """
    import django

    django.setup()
    if arguments.load is None:
        return _print_known()
    from django.utils import timezone

    from changai.foundation.actors import MACHINE
    from changai.foundation.workdays.actions import load_work_year, read_arrangement

    text = _text_of(arguments.load)
    _print_plan(read_arrangement(text))
    if not arguments.confirm:
        print("仅核对，未作改动。核对无误后加 --confirm 载入。")
        return 0
    load_work_year(MACHINE, text, at=timezone.now())
    print("已载入。")
    return 0


def _text_of(file: Path) -> str:
    try:
        content = file.read_bytes()[:200_000]
    except OSError as fault:
        raise Unreadable(f"无法读取 {file}：{fault.strerror}。") from fault
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"无法识别 {file} 的文字编码，请存为 UTF-8。")


def _print_known() -> int:
    from django.utils import timezone

    from changai.foundation.workdays.queries import known_years

    for known in known_years():
        day = timezone.localtime(known.loaded_at).date() if known.loaded_at else None
        told = f"{day} {known.loaded_by_name}载入" if day else "随系统提供"
        print(f"{known.plan.year}　{known.plan.source}　{told}")
    return 0


def _print_plan(plan: YearPlan) -> None:
    print(f"{plan.source}{f'（{plan.number}）' if plan.number else ''}")
    for holiday in plan.holidays:
        print(f"  {holiday.name}　{holiday.first_on} 至 {holiday.last_on}")
    print(f"  调休上班　{'、'.join(map(str, plan.workdays)) or '无'}")
