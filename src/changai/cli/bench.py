"""`changai bench NAME`: measurements against the bare limit of the machine, in one run, as ratios."""

from __future__ import annotations

import importlib
from typing import Any

BENCHES = ("assessments", "documents", "scoring", "reporting")


def register(commands: Any) -> None:
    """Add `bench` with its measurements to the command line's `commands`."""
    bench = commands.add_parser("bench", help="性能测量：与机器极限和同类软件在同一次运行中比较")
    names = bench.add_subparsers(title="measurements", required=True, metavar="NAME")
    for name in BENCHES:
        importlib.import_module(f"changai.cli.bench_{name}").register(names)
