"""Moves the clock of a program of the product: Python reads this module by itself when its folder is on the path."""

import os
from datetime import timedelta

import time_machine

DAYS = int(os.environ.get("CHANGAI_TEST_DAYS_LATER", "0"))
if DAYS:
    time_machine.travel(timedelta(days=DAYS)).start()
