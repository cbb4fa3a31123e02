"""`changai worker`: the background half of the product; wakes every few seconds and runs what is due."""

import argparse
import signal
import threading
from types import FrameType

WAKE_SECONDS = 5.0


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `worker`."""
    parser = commands.add_parser("worker", help="后台作业（由 run 启动，一般不单独使用）")
    parser.add_argument("--once", action="store_true", help="只运行一遍到期的作业")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run due jobs until told to stop; a job under way is finished first. Return 0."""
    import django

    django.setup()
    stop = threading.Event()
    if not arguments.once:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: _stop(stop, _frame))
    while not stop.is_set():
        _run_due()
        if arguments.once:
            break
        stop.wait(WAKE_SECONDS)
    return 0


def _stop(stop: threading.Event, _frame: FrameType | None) -> None:
    stop.set()


def _run_due() -> None:
    import logging

    from django.db import DatabaseError, close_old_connections
    from django.utils import timezone

    from changai.foundation.jobs.schedule import run_due

    close_old_connections()
    try:
        run_due(timezone.now())
    except DatabaseError:
        # The database may be restarting; the next round tries again.
        logging.getLogger("changai.jobs").exception("the database does not answer")
