"""How the pages of the audit log write acts and posts."""

from django import template

from changai.foundation.actors import Role
from changai.foundation.audit import words

register = template.Library()


@register.filter
def act_name(act: str) -> str:
    """Return what people call an act."""
    return words.act_name(act)


@register.filter
def post_name(role: str) -> str:
    """Return what people call a post; its code when it is no more."""
    return str(Role(role).label) if role in set(Role) else role
