"""What the three administrators find to do on their first page."""

import pytest
from django.test import Client
from django.utils import timezone

from changai.areas.accounts.actions import note_failed_sign_in, open_account
from changai.areas.accounts.tests.make import actor_for, make_person
from changai.foundation.actors import Role, visitor

pytestmark = pytest.mark.django_db


def home_of(role: Role) -> str:
    client = Client()
    client.force_login(make_person(role), backend="django.contrib.auth.backends.ModelBackend")
    return client.get("/").content.decode()


def test_a_new_account_waits_for_who_grants_posts():
    open_account(actor_for(Role.SYSTEM_ADMINISTRATOR), login="newcomer", name="新来的人", at=timezone.now())
    assert "给新账号“新来的人”授予岗位" in home_of(Role.SECURITY_ADMINISTRATOR)
    assert "新来的人" not in home_of(Role.SYSTEM_ADMINISTRATOR)


def test_failed_sign_ins_of_the_day_are_shown_to_who_keeps_the_log():
    assert "没有要办的事" in home_of(Role.AUDIT_ADMINISTRATOR)
    for _time in range(2):
        note_failed_sign_in(visitor("10.0.8.21"), login="nobody", is_locked=False, at=timezone.now())
    page = home_of(Role.AUDIT_ADMINISTRATOR)
    assert "今日有 2 条" in page
    assert f"/accounts/audit/?act=account.sign_in_failed&amp;since={timezone.localdate():%Y-%m-%d}" in page
