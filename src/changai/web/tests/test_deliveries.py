"""The page of the messages that leave the house, and the choice of the own channels."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from changai.areas.accounts.models import Person
from changai.areas.accounts.tests.make import make_person
from changai.foundation.actors import Role
from changai.foundation.notices.deliveries import Message, queue
from changai.foundation.notices.models import Delivery

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 5, 2, 0, tzinfo=UTC)


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(make_person(role), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_failures_are_seen_sent_again_or_dropped():
    queue([Message("k", "email", "zhangsan@city.example", "月报待报", "内容不给管理员看")], at=NOW)
    Delivery.objects.update(state="failed", last_fault="邮件服务器没有接收", ended_at=NOW)
    administrator = signed_in(Role.SYSTEM_ADMINISTRATOR)
    page = administrator.get("/deliveries/?state=failed").content.decode()
    assert "邮件服务器没有接收" in page
    assert "zh…@city.example" in page
    assert "zhangsan" not in page
    assert "内容不给管理员看" not in page
    pk = Delivery.objects.get().pk
    assert administrator.post(f"/deliveries/{pk}/retry/").status_code == 303
    assert Delivery.objects.get().state == "waiting"
    assert administrator.post(f"/deliveries/{pk}/retry/").status_code == 409
    assert administrator.post(f"/deliveries/{pk}/drop/").status_code == 303
    assert "不再发送" in administrator.get("/deliveries/").content.decode()
    assert signed_in(Role.OFFICE_OFFICER).get("/deliveries/").status_code == 404


def test_the_page_says_which_channels_there_are(settings):
    administrator = signed_in(Role.SYSTEM_ADMINISTRATOR)
    assert "邮件：未开通" in administrator.get("/deliveries/").content.decode()
    settings.EMAIL_ON, settings.WEBHOOK = True, {"format": "dingtalk"}
    page = administrator.get("/deliveries/").content.decode()
    assert "邮件：已开通" in page
    assert "即时消息：钉钉" in page


def test_everybody_chooses_the_own_channels(settings):
    settings.EMAIL_ON = True
    liaison = signed_in(Role.UNIT_LIAISON)
    assert "用邮件接收提醒" in liaison.get("/accounts/own/").content.decode()
    assert liaison.post("/accounts/own/contact/", {"wants_email": "on"}).status_code == 422
    assert liaison.post("/accounts/own/contact/", {"email": "x", "wants_email": "on"}).status_code == 422
    typed = {"email": "a@city.example", "wants_email": "on"}
    assert liaison.post("/accounts/own/contact/", typed).status_code == 303
    assert Person.objects.values_list("email", "wants_email", "wants_message").get() == (
        "a@city.example",
        True,
        False,
    )


def test_without_a_server_nothing_is_offered():
    page = signed_in(Role.UNIT_LIAISON).get("/accounts/own/").content.decode()
    assert "没有开通邮件和即时消息" in page
    assert "用邮件接收提醒" not in page
