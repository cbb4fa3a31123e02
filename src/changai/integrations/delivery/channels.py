"""Which channels this installation has, and what became of one message on its channel."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Channels:
    """What is switched on. `message_person`: the webhook reaches single people; `message_group`: a chat group."""

    email: bool
    message_person: bool
    message_group: bool


def channels_on() -> Channels:
    """Return which channels the environment has switched on."""
    webhook = settings.WEBHOOK
    is_gateway = webhook is not None and webhook["format"] == "json"
    return Channels(settings.EMAIL_ON, is_gateway, webhook is not None and not is_gateway)


def repeatable_channels() -> list[str]:
    """Return the channels whose receivers can tell a repetition apart: mail by its Message-ID, a gateway by the key.

    A chat robot cannot: it would say everything twice.
    """
    return ["email", "webhook"] if channels_on().message_person else ["email"]


class NotSent(Exception):
    """The message has certainly not arrived. `is_final`: it never will, so nobody needs to try again."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


class Unknown(Exception):
    """The message was handed over, and no answer says whether it arrived."""
