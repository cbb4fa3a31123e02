"""Refusals a person can cause. `str(refusal)` is the Chinese sentence that says what to do next.

Everything that is not an `ActionRefused` is a fault of the programme: let it rise.
"""

from typing import ClassVar


class ActionRefused(Exception):
    """An order that is not carried out, told plainly. Nothing was changed.

    `code` names the refusal for programmes; `status` is the HTTP status the entry layers answer with.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values


class NotVisible(ActionRefused):
    """The record does not exist for this actor."""

    code = "not_visible"
    status = 404

    def __init__(self, sentence: str = "没有找到这条记录，或您无权查看。", **values: object) -> None:
        super().__init__(sentence, **values)


class NotAllowed(ActionRefused):
    """The actor sees the record but may not do this to it."""

    code = "not_allowed"
    status = 403

    def __init__(
        self, sentence: str = "您的岗位没有这项权限，如确需办理请联系办公室。", **values: object
    ) -> None:
        super().__init__(sentence, **values)


class RecordMoved(ActionRefused):
    """The record has moved on since the actor read it: somebody else, or the actor's other window."""

    code = "record_moved"
    status = 409


class AlreadyDone(RecordMoved):
    """The same order (same key, same content) was already carried out; the first outcome stands."""

    code = "already_done"


class Invalid(ActionRefused):
    """Input that breaks rules. `faults` has one Chinese sentence for each."""

    code = "invalid"

    def __init__(self, sentence: str, *, faults: tuple[str, ...] = (), **values: object) -> None:
        super().__init__(sentence, **values)
        self.faults = faults


class Unreadable(ActionRefused):
    """A file that could not be read; nothing of it was kept."""

    code = "unreadable"


class Unavailable(ActionRefused):
    """Something the machine lacks just now (a font, disk space, a database that answers)."""

    code = "unavailable"
    status = 503
