"""`changai manage …`: Django's own management commands, for those who operate the product."""

import argparse


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `manage`."""
    parser = commands.add_parser("manage", help="框架管理命令，如 manage migrate", prefix_chars="\0")
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Hand the rest of the line to Django; return 0."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["changai manage", *arguments.rest])
    return 0
