"""One press of a button, one outcome: the keys of orders already carried out."""

import hashlib
from datetime import datetime
from typing import Any

from changai.core.errors import AlreadyDone, Invalid
from changai.foundation.actors import Actor
from changai.foundation.notices.models import Receipt


def keep_receipt(actor: Actor, act: str, key: str, *, arguments: Any, at: datetime) -> None:
    """Keep the key of an order about to be carried out, in its transaction.

    :raises AlreadyDone: when the same order came before under this key
    :raises Invalid: when another order came under this key
    """
    refuse_repeated(actor, act, key, arguments=arguments)
    digest = _digest(actor, act, arguments)
    Receipt.objects.create(key=key, act=act, person_id=actor.person_id, digest=digest, at=at)


def refuse_repeated(actor: Actor, act: str, key: str, *, arguments: Any) -> None:
    """Refuse an order whose key was used: for what is asked before the order's transaction opens.

    :raises AlreadyDone: when the same order came before under this key
    :raises Invalid: when another order came under this key
    """
    earlier = Receipt.objects.filter(key=key).first() if key else None
    if earlier is None:
        return
    if earlier.digest == _digest(actor, act, arguments):
        raise AlreadyDone("已受理（重复提交未重复计入）。", first_at=earlier.at)
    raise Invalid("该提交编号已用于另一份内容，请刷新页面后重试。")


def _digest(actor: Actor, act: str, arguments: Any) -> str:
    return hashlib.sha256(repr((act, actor.person_id, arguments)).encode()).hexdigest()
