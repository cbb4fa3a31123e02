"""The demonstration city with one month of history, for all tests of a module that ask for it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client


@pytest.fixture(scope="module")
def loaded_city(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from changai.cli.demonstration import load

    with django_db_blocker.unblock():
        settings.DEMONSTRATION = True
        with transaction.atomic():
            load(now=timezone.now(), months=1, chapters=())
            yield
            transaction.set_rollback(True)
        settings.DEMONSTRATION = False


@pytest.fixture
def city(loaded_city: None, db: None) -> None:
    """Work in the loaded city; what the test changes is taken back."""


@pytest.fixture
def browser(city: None) -> Callable[[str], Client]:
    """Give a browser in which the account with this login is signed in."""
    from changai.areas.accounts.models import Person

    def sign_in(login: str) -> Client:
        client = Client()
        client.force_login(
            Person.objects.get(login=login), backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return sign_in
