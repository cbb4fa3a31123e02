"""What a password must be (profile `djcp3`), in the words of the people who choose one."""

import re

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from changai.areas.accounts.models import Person

SHORTEST = 12
# What somebody here would guess first, whatever digits and marks stand around it.
LOCAL_WORDS = frozenset(
    {
        "admin",
        "changai",
        "changaiban",
        "changaitong",
        "chanye",
        "chanyegongren",
        "gongren",
        "gonghui",
        "password",
    }
)
_CLASSES = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z\d]")


class LongEnoughValidator:
    """At least twelve characters."""

    def validate(self, password: str, user: Person | None = None) -> None:  # noqa: ARG002 - Django's protocol
        if len(password) < SHORTEST:
            raise ValidationError(self.get_help_text(), code="too_short")

    def get_help_text(self) -> str:
        return _("密码不少于 12 位。")


class ThreeClassesValidator:
    """At least three of: small letters, capitals, digits, other characters."""

    def validate(self, password: str, user: Person | None = None) -> None:  # noqa: ARG002 - Django's protocol
        if sum(bool(re.search(pattern, password)) for pattern in _CLASSES) < 3:
            raise ValidationError(self.get_help_text(), code="too_few_classes")

    def get_help_text(self) -> str:
        return _("密码应包含大写字母、小写字母、数字、其他符号中的至少三类。")


class UncommonValidator(CommonPasswordValidator):
    """Neither among the twenty thousand commonest passwords nor one of the words of this work with a number."""

    def validate(self, password: str, user: Person | None = None) -> None:  # noqa: ARG002 - Django's protocol
        letters = re.sub(r"[^a-z]", "", password.casefold())
        if password.lower().strip() in self.passwords or letters in LOCAL_WORDS:
            raise ValidationError(self.get_help_text(), code="too_common")

    def get_help_text(self) -> str:
        return _("密码不能是常见密码，也不能只是单位或系统名称加数字。")


class NotTheLoginValidator:
    """The password does not contain the login."""

    def validate(self, password: str, user: Person | None = None) -> None:
        if user is not None and user.login and user.login in password.casefold():
            raise ValidationError(self.get_help_text(), code="contains_login")

    def get_help_text(self) -> str:
        return _("密码不能包含登录名。")
