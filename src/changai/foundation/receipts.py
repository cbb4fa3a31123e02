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
    digest = hashlib.sha256(repr((act, actor.person_id, arguments)).encode()).hexdigest()
    earlier = Receipt.objects.filter(key=key).first()
    if earlier is None:
        Receipt.objects.create(key=key, act=act, person_id=actor.person_id, digest=digest, at=at)
    elif earlier.digest == digest:
        raise AlreadyDone("已受理（重复提交未重复计入）。", first_at=earlier.at)
    else:
        raise Invalid("该提交编号已用于另一份内容，请刷新页面后重试。")
