"""A message's words with its link, as far as this installation knows its own address."""

from django.conf import settings

from changai.foundation.notices.models import Delivery


def letter_of(delivery: Delivery) -> str:
    """Return the text of the message, ending with where to go."""
    return f"{delivery.text}\n\n{where_to_go(delivery)}"


def where_to_go(delivery: Delivery) -> str:
    """Return the address of the page to open, or what to do when the product's own address was never set."""
    if settings.SITE_ADDRESS and delivery.link:
        return f"{settings.SITE_ADDRESS}{delivery.link}"
    return "请登录产改通办理。"
