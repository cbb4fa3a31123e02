"""`changai bench reporting`: the deadline hour of a large city, against bare writes and bare SQL of the same rows."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from typing import Any


def register(names: Any) -> None:
    """Add `reporting` to the measurements."""
    parser = names.add_parser("reporting", help="截止时段的报送、看板和汇总")
    parser.add_argument("--units", type=int, default=3000)
    parser.add_argument("--items", type=int, default=60, help="每张报表的项数，其中六分之一为任务")
    parser.add_argument("--over-http", type=int, default=200, help="另有多少单位通过网页报送")
    parser.add_argument("--threads", type=int, default=16, help="同时有多少人在网页上操作")
    parser.add_argument(
        "--sample", type=int, default=0, help="每种方式只取多少单位报送，其余不报；缺省为全部"
    )
    parser.add_argument("--postgresql", metavar="URL", help="再在这个空的 PostgreSQL 数据库上测一遍")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure each database in a fresh process with data of its own; return the first exit code that is not 0."""
    given = (arguments.units, arguments.items, arguments.over_http, arguments.threads, arguments.sample)
    sizes = [str(number) for number in given]
    codes = [_measured("", sizes)]
    if arguments.postgresql:
        codes.append(_measured(arguments.postgresql, sizes))
    return next((code for code in codes if code), 0)


def _measured(address: str, sizes: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="changai-bench-") as folder:
        environment = {**os.environ, "CHANGAI_DATA": folder, "CHANGAI_DATABASE_URL": address}
        environment["DJANGO_SETTINGS_MODULE"] = "changai.config.settings.base"
        command = [sys.executable, "-m", "changai.cli.bench_reporting.hour", *sizes]
        return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - our own module
