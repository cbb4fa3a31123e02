"""How a person wants to be told: everybody chooses for the own account."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from changai.areas.accounts import queries
from changai.areas.accounts.models import Person
from changai.core.errors import Invalid
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record


@action("account.contact")
def save_contact(actor: Actor, *, email: str, wants_email: bool, wants_message: bool, at: datetime) -> Person:
    """Keep where and how the actor wants to be told, beside the notices in the product.

    :raises Invalid: when the address is none, or mail is wanted without one
    """
    email = email.strip()
    if email:
        _require_address(email)
    elif wants_email:
        raise Invalid("请填写接收提醒的邮箱。")
    person = queries.self_of(actor)
    person.email, person.wants_email, person.wants_message = email, wants_email, wants_message
    person.save(update_fields=["email", "wants_email", "wants_message"])
    record(actor, "account.contact", person, at=at, mail=wants_email, message=wants_message)
    return person


def _require_address(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as fault:
        raise Invalid("邮箱地址不正确，请核对。") from fault
