"""`changai`: every command line of the programme. Each module of this package registers its own commands."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from changai.core.errors import ActionRefused

# Imported one by one and late: `changai plan` and `changai score` need no database and start fast.
MODULES = ("serve", "plan", "scoring", "bench", "demo", "verify", "worker", "workdays", "manage")


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and return its exit code: 0, or 2 after one sentence per fault on standard error."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "changai.config.settings.base")
    parsed = _parser().parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except ActionRefused as refusal:
        print(refusal.sentence, file=sys.stderr)
        for fault in getattr(refusal, "faults", ()):
            print(f"  {fault}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="changai", description="产改通：方案、认领、填报、审核、计分、简报")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name in MODULES:
        importlib.import_module(f"changai.cli.{name}").register(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
