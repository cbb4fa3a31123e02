"""People who can sign in, made without the price of hashing passwords nobody will type."""

from __future__ import annotations

from itertools import count
from typing import Any

_numbers = count(1)


def signed_in(role: str, unit_id: int | None) -> Any:
    """Return a browser in which a new account with this post is signed in."""
    from django.test import Client
    from django.utils import timezone

    from changai.areas.accounts.models import Person
    from changai.areas.organisations.models import Unit

    unit_id = unit_id or Unit.objects.order_by("pk").values_list("pk", flat=True)[0]
    now = timezone.now()
    person = Person.objects.create(
        login=f"bench{next(_numbers)}", name="测量", role=role, unit_id=unit_id, must_change_password=False,
        password_changed_at=now, created_at=now,
    )  # fmt: skip
    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client
