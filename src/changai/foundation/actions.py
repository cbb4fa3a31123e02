"""`@action`: what makes a function an action.

An action is one change of state: one transaction, carried out for an actor at a moment, and it writes at least
one audit line in that transaction. A page, the command line, an import and a job all call the same function.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from changai.foundation.audit.writer import lines_written
from changai.foundation.receipts import keep_receipt

Function = TypeVar("Function", bound=Callable[..., Any])

ACTIONS: dict[str, Callable[..., Any]] = {}

# PostgreSQL: one lock for every change of state, taken before the first read. Without it a double click reads
# "already submitted" of its own first half; it also keeps the audit chain from forking. SQLite has BEGIN IMMEDIATE.
_LOCK = 7_241_001


class UnauditedAction(RuntimeError):
    """An action ended without an audit line: a fault of the programme, so nothing is kept."""


def action(kind: str) -> Callable[[Function], Function]:
    """Mark a function `(actor, …, *, at, …)` as the action `kind`, such as `report.submit`.

    The wrapped function also takes `once`: a key that the caller makes for one press of a button. The same key
    with the same arguments raises `AlreadyDone`, with other arguments `Invalid`: nothing is done twice.

    :raises TypeError: at import, when the function has no `actor` first or no keyword-only `at`
    """

    def mark(function: Function) -> Function:
        _check_signature(function)

        @wraps(function)
        def carry_out(actor: Any, *arguments: Any, at: Any, once: str = "", **named: Any) -> Any:
            # What an action writes down is official: Chinese, whatever language the person reads.
            with translation.override(settings.LANGUAGE_CODE), transaction.atomic():
                _take_lock()
                if once:
                    keep_receipt(actor, kind, once, arguments=(arguments, named), at=at)
                before = lines_written()
                outcome = function(actor, *arguments, at=at, **named)
                if lines_written() == before:
                    raise UnauditedAction(kind)
                return outcome

        carry_out.action_kind = kind  # type: ignore[attr-defined]
        if kind in ACTIONS:
            raise TypeError(f"two actions are called {kind}")
        ACTIONS[kind] = carry_out
        return carry_out  # type: ignore[return-value]

    return mark


def _check_signature(function: Callable[..., Any]) -> None:
    parameters = list(inspect.signature(function).parameters.values())
    moment = next((p for p in parameters if p.name == "at"), None)
    if not parameters or parameters[0].name != "actor":
        raise TypeError(f"{function.__qualname__}: the first parameter of an action is `actor`")
    if moment is None or moment.kind is not inspect.Parameter.KEYWORD_ONLY:
        raise TypeError(f"{function.__qualname__}: an action takes a keyword-only `at`")


def _take_lock() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
