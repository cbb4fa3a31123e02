"""`changai worker`: runs the jobs that are due, until it is told to stop."""

import argparse
import logging
import signal
import threading
from typing import Any

SECONDS_BETWEEN_LOOKS = 5.0

logger = logging.getLogger("changai.jobs")


def register(commands: Any) -> None:
    """Add `worker` to the command line's `commands`."""
    parser = commands.add_parser("worker", help="运行后台定时工作，收到终止信号后做完手头的再停止")
    parser.add_argument("--once", action="store_true", help="只把到期的工作做一遍就退出")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Look for due jobs every five seconds; a signal ends it after the job at hand."""
    import django

    django.setup()
    if arguments.once:
        look()
        return 0
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_arguments: stop.set())
    while not stop.is_set():
        look()
        stop.wait(SECONDS_BETWEEN_LOOKS)
    return 0


def look() -> None:
    """Run what is due now. A database that does not answer is logged and asked again at the next look."""
    from django.db import DatabaseError, close_old_connections
    from django.utils import timezone

    from changai.foundation.jobs.registry import discover
    from changai.foundation.jobs.runner import run_due

    close_old_connections()
    try:
        run_due(discover(), now=timezone.now())
    except DatabaseError:
        logger.exception("the database does not answer")
    finally:
        close_old_connections()
