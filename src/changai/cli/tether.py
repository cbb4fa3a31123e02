"""Run a program that ends when the one that started it is gone, however that ended.

    python -m changai.cli.tether PARENT PROGRAM [ARGUMENT …]

The order to the kernel outlives exec, so that the program itself needs to know nothing of it.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tethered(command: list[str]) -> list[str]:
    """Return `command` bound to this process."""
    return [sys.executable, "-m", "changai.cli.tether", str(os.getpid()), *command]


def main() -> None:
    parent, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    # Ctrl-C reaches the whole process group; the parent alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.getppid() == int(parent):
        os.execv(command[0], command)  # noqa: S606 - the command is our own


if __name__ == "__main__":
    main()
