"""What a password must be, beside the validators Django brings (profile `djcp3`)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from changai.areas.accounts.models import Person

_CLASSES = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z\d]")


class ThreeClassesValidator:
    """At least three of: small letters, capitals, digits, other characters."""

    def validate(self, password: str, user: Person | None = None) -> None:  # noqa: ARG002 - Django's protocol
        if sum(bool(re.search(pattern, password)) for pattern in _CLASSES) < 3:
            raise ValidationError(self.get_help_text(), code="too_few_classes")

    def get_help_text(self) -> str:
        return _("密码应包含大写字母、小写字母、数字、其他符号中的至少三类。")


class NotTheLoginValidator:
    """The password does not contain the login."""

    def validate(self, password: str, user: Person | None = None) -> None:
        if user is not None and user.login and user.login in password.casefold():
            raise ValidationError(self.get_help_text(), code="contains_login")

    def get_help_text(self) -> str:
        return _("密码不能包含登录名。")
