"""What leaves the house: once in effect, with patience, and only where it may (F20, R101)."""

import hashlib
import hmac
import ipaddress
import json
from datetime import UTC, datetime, time, timedelta

import pytest

from changai.core.errors import NotAllowed, RecordMoved
from changai.foundation.actors import MACHINE, Actor, Role
from changai.foundation.notices.deliveries import (
    LEASE,
    Message,
    deliveries_for,
    drop_delivery,
    note_sent,
    queue,
    retry_delivery,
    take_due,
    wait_after,
)
from changai.foundation.notices.models import Delivery
from changai.integrations.delivery import sending
from changai.integrations.delivery.channels import NotSent, channels_on
from changai.integrations.delivery.sending import deliver_due
from changai.integrations.delivery.tests.receivers import mail_server, web_server
from changai.integrations.delivery.webhook import may_call, payload_of, resolved, signature_query

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 5, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
ADMINISTRATOR = Actor(1, "系统管理员", Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(sending, "SECONDS_BETWEEN_GROUP_MESSAGES", 0)


def use_webhook(settings, port: int, form: str = "json", **changed: object) -> None:
    settings.WEBHOOK = {
        "address": f"http://127.0.0.1:{port}/send?key=k1", "format": form, "secret": "秘密", "hosts": {"127.0.0.1"},
        "is_private_allowed": True,
    } | changed  # fmt: skip


def deliver(at: datetime) -> dict[str, int]:
    return deliver_due(at, clock=lambda: at)


def use_mail(settings, port: int) -> None:
    settings.EMAIL_ON = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "changai@city.example"


def put(channel: str = "webhook", recipient: str = "c01", **named: object) -> Delivery:
    message = Message("reminder:1", channel, recipient, "月报待报", "甲县：10月月报", "/reports/1/", **named)
    queue([message], at=NOW)
    queue([message], at=NOW + timedelta(hours=1))  # the same message again: it is there
    return Delivery.objects.get()


def state() -> str:
    return Delivery.objects.get().state


def test_nothing_is_switched_on_by_itself(settings):
    assert channels_on() == type(channels_on())(email=False, message_person=False, message_group=False)
    put()
    deliver(NOW)
    assert (state(), Delivery.objects.get().last_fault) == ("waiting", "即时消息没有开通")


def test_a_gateway_gets_one_signed_message_with_its_key(settings):
    put()
    with web_server() as receiver:
        use_webhook(settings, receiver.port)
        deliver(NOW)
        deliver(NOW + timedelta(hours=1))
    ((path, headers, body),) = receiver.requests
    assert path == "/send?key=k1"
    assert headers["Idempotency-Key"] == body["id"] == "reminder:1"
    assert body["link"] == "请登录产改通办理。"
    raw = json.dumps(body, ensure_ascii=False).encode()
    assert (
        headers["X-Changai-Signature"]
        == "sha256=" + hmac.new("秘密".encode(), raw, hashlib.sha256).hexdigest()
    )
    assert state() == "sent"


def test_a_robot_gets_text_and_its_refusal_is_told(settings):
    put()
    with web_server() as receiver:
        use_webhook(settings, receiver.port, "wecom")
        settings.SITE_ADDRESS = "https://changai.city.example"
        receiver.answer = b'{"errcode":93000,"errmsg":"invalid webhook url"}'
        deliver(NOW)
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.last_fault) == ("waiting", "接收方拒绝：93000 invalid webhook url")
        receiver.answer = b'{"errcode":0}'
        deliver(delivery.next_at)
    told = {
        "msgtype": "text",
        "text": {"content": "甲县：10月月报\n\nhttps://changai.city.example/reports/1/"},
    }
    assert [body for _path, _headers, body in receiver.requests] == [told, told]
    assert state() == "sent"


def test_a_receiver_down_for_a_day_gets_it_when_it_is_back(settings):
    put()
    with web_server() as receiver:
        port = receiver.port
    use_webhook(settings, port)
    tries, at = 0, NOW
    while at < NOW + timedelta(hours=24):
        deliver(at)
        tries += 1
        waiting = Delivery.objects.get()
        assert waiting.state == "waiting"
        assert waiting.next_at == at + wait_after(tries)
        at = waiting.next_at
    assert tries < 25
    with web_server() as receiver:
        use_webhook(settings, receiver.port)
        deliver(at)
    assert len(receiver.requests) == 1
    assert state() == "sent"


def test_a_robot_that_never_answered_is_not_told_twice(settings):
    put()
    with web_server() as receiver:
        use_webhook(settings, receiver.port, "dingtalk")
        receiver.hangs_up = True
        deliver(NOW)
        deliver(NOW + timedelta(days=1))
        assert len(receiver.requests) == 1
        assert "&sign=" in receiver.requests[0][0]
        assert state() == "uncertain"
        receiver.hangs_up = False
        retry_delivery(ADMINISTRATOR, Delivery.objects.get().pk, at=NOW)
        deliver(NOW + timedelta(days=2))
    assert (len(receiver.requests), state()) == (2, "sent")


def test_a_gateway_that_never_answered_is_told_again_under_the_same_key(settings):
    put()
    with web_server() as receiver:
        use_webhook(settings, receiver.port)
        receiver.hangs_up = True
        deliver(NOW)
        receiver.hangs_up, receiver.status = False, 503
        deliver(NOW + timedelta(minutes=5))
        receiver.status = 200
        deliver(NOW + timedelta(minutes=10))
    assert [headers["Idempotency-Key"] for _path, headers, _body in receiver.requests] == ["reminder:1"] * 3
    assert state() == "sent"


@pytest.mark.parametrize(("form", "expected"), [("json", "waiting"), ("wecom", "uncertain")])
def test_a_worker_killed_while_sending(settings, form, expected):
    """Its message is sent again where that does no harm; else a person decides. Its own late word is not heard."""
    put()
    settings.WEBHOOK = None
    (taken,) = list(take_due(now=NOW))
    assert list(take_due(now=NOW)) == []
    use_webhook(settings, 9, form)
    sending.recover(now=NOW + LEASE, repeatable=sending.repeatable_channels())
    assert state() == expected
    note_sent(taken, at=NOW + LEASE)
    assert state() == expected


def test_no_redirect_is_followed(settings):
    put()
    with web_server() as receiver:
        use_webhook(settings, receiver.port)
        receiver.status, receiver.headers = 302, {"Location": "/elsewhere"}
        deliver(NOW)
    assert len(receiver.requests) == 1
    assert Delivery.objects.get().last_fault == "接收方返回 302"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"address": "https://evil.example/"}, "“evil.example”不在允许的主机名单内"),
        ({"address": "gopher://127.0.0.1/", "is_private_allowed": False}, "地址应以 https:// 开头"),
        ({"address": "https://127.0.0.1/", "is_private_allowed": False}, "“127.0.0.1”指向不允许访问的地址"),
    ],
)
def test_other_hosts_are_not_called(settings, changed, fault):
    put()
    use_webhook(settings, 9, **changed)
    deliver(NOW)
    assert (state(), Delivery.objects.get().last_fault) == ("failed", fault)


@pytest.mark.parametrize(
    ("address", "openly", "with_leave"),
    [
        ("8.8.8.8", True, True),
        ("10.1.2.3", False, True),
        ("127.0.0.1", False, True),
        ("169.254.169.254", False, False),
        ("::1", False, True),
        ("fe80::1", False, False),
        ("::ffff:10.0.0.1", False, True),
        ("::ffff:169.254.169.254", False, False),
        ("0.0.0.0", False, False),  # noqa: S104 - an address to refuse
        ("224.0.0.1", False, False),
    ],
)
def test_which_addresses_may_be_called(address, openly, with_leave):
    parsed = ipaddress.ip_address(address)
    assert may_call(parsed, is_private_allowed=False) is openly
    assert may_call(parsed, is_private_allowed=True) is with_leave


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "localhost"])
def test_other_ways_to_write_this_machine_are_seen_through(host):
    with pytest.raises(NotSent):
        resolved(host, 80, is_private_allowed=False)


def test_the_signature_of_a_robot_is_the_documented_one():
    assert signature_query("this is secret", 1577262236757) == (
        "&timestamp=1577262236757&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D"
    )


def test_a_robot_takes_two_thousand_bytes():
    delivery = Delivery(key="k", recipient="工作群", subject="s", text="县" * 3000)
    content = payload_of(delivery, "wecom")["text"]["content"].encode()
    assert 2000 < len(content) <= 2048


def test_a_mail_is_sent_once_with_its_own_id(settings):
    put("email", "someone@city.example")
    with mail_server() as receiver:
        use_mail(settings, receiver.port)
        deliver(NOW)
        deliver(NOW + timedelta(hours=1))
        Delivery.objects.update(state="waiting")  # as after a restored backup
        deliver(NOW + timedelta(hours=1))
    first, second = receiver.letters
    ids = [
        line for letter in (first, second) for line in letter.splitlines() if line.startswith("Message-ID")
    ]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert state() == "sent"


def test_an_address_nobody_has_is_given_up_at_once(settings):
    put("email", "nobody@city.example")
    with mail_server() as receiver:
        use_mail(settings, receiver.port)
        deliver(NOW)
    assert state() == "failed"
    assert "不接受该收件人" in Delivery.objects.get().last_fault


def test_a_mail_server_that_is_away_is_asked_again(settings):
    put("email", "someone@city.example")
    with mail_server() as receiver:
        port = receiver.port
    use_mail(settings, port)
    deliver(NOW)
    assert state() == "waiting"


def test_nothing_leaves_in_quiet_hours(settings):
    put(hours=(time(9, 0), time(18, 0)))
    with web_server() as receiver:
        use_webhook(settings, receiver.port)
        deliver(NOW + timedelta(hours=12))
        assert not receiver.requests
        deliver(NOW + timedelta(hours=24))
    assert len(receiver.requests) == 1


def test_only_the_system_administrator_keeps_the_queue():
    delivery = put()
    assert deliveries_for(ADMINISTRATOR).count() == 1
    assert not deliveries_for(Actor(2, "李办", Role.OFFICE_OFFICER, 1, "1."))
    with pytest.raises(NotAllowed):
        drop_delivery(Actor(2, "李办", Role.OFFICE_OFFICER, 1, "1."), delivery.pk, at=NOW)
    drop_delivery(ADMINISTRATOR, delivery.pk, at=NOW)
    with pytest.raises(RecordMoved):
        retry_delivery(ADMINISTRATOR, delivery.pk, at=NOW)
    assert deliver(NOW)["tried"] == 0
    assert MACHINE.person_id is None
