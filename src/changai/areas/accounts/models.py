"""People who sign in. One account, one post: so the three administrators exclude each other by structure."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from changai.foundation.actors import ADMINISTRATORS, NOBODYS, Role

ROLES = [role.value for role in Role if role not in NOBODYS]
ROLE_CHOICES = [(role, role) for role in ROLES]
WITHOUT_UNIT = sorted(str(role) for role in ADMINISTRATORS)


class People(BaseUserManager["Person"]):
    """Finds accounts by their login, folded as it is stored."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        from changai.areas.accounts.rules import folded_login

        return self.get(login=folded_login(username or ""))


class Person(AbstractBaseUser):
    """An account. `login` is stored folded (NFKC, lower case, no blanks): `Ａdmin ` and `admin` are one."""

    login = models.CharField("登录名", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=40)
    role = models.CharField("岗位", max_length=40, choices=ROLE_CHOICES, blank=True)
    unit = models.ForeignKey(
        "organisations.Unit", models.PROTECT, null=True, blank=True, related_name="people"
    )
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField(default=True)
    first_password_until = models.DateTimeField(null=True, blank=True)
    # When its owner last chose it; empty for a password somebody else set, which does not grow old.
    password_changed_at = models.DateTimeField(null=True, blank=True)
    # How the person wants to be told beside the notices in the product; empty and off until chosen.
    email = models.EmailField("邮箱", blank=True)
    wants_email = models.BooleanField(default=False)
    wants_message = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[People] = People()

    class Meta:
        db_table = "person"
        ordering: ClassVar = ["login", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role="")
                | Q(role__in=WITHOUT_UNIT, unit__isnull=True)
                | Q(unit__isnull=False) & ~Q(role__in=WITHOUT_UNIT),
                name="administrators_have_no_unit",
            ),
            models.CheckConstraint(condition=Q(role__in=["", *ROLES]), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def post(self) -> Role | None:
        """The post held, or None while none is granted."""
        return Role(self.role) if self.role else None


class PastPassword(models.Model):
    """The hash of a password the person had before: the last few may not come back."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "past_password"
        ordering: ClassVar = ["-kept_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kept_at}"


class SignIn(models.Model):
    """One sign-in: where from, with what; once `ended_at` is set its session is no longer let through."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="sign_ins")
    address = models.CharField(max_length=60, blank=True)
    browser = models.CharField(max_length=120, blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sign_in"
        ordering: ClassVar = ["-began_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["person", "ended_at"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.began_at}"
