"""One message to one webhook: a chat group's robot, or the city's own message gateway.

Calls go to hosts of the allow-list only, at an address checked after it was resolved and used as checked; no
redirect is followed, no proxy asked, and there is one deadline for all.
"""

import base64
import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
from typing import Any
from urllib.parse import quote_plus, urlsplit

from django.conf import settings

from changai.foundation.notices.models import Delivery
from changai.integrations.delivery.channels import NotSent, Unknown
from changai.integrations.delivery.wording import letter_of, where_to_go

TIMEOUT_SECONDS = 10
LONGEST_ANSWER = 65_536
LONGEST_TEXT_BYTES = 2048  # Source: 企业微信, 群机器人配置说明: text.content up to 2048 bytes of UTF-8


def send_webhook(delivery: Delivery, *, milliseconds: int) -> None:
    """Post one message; `milliseconds` is the time now, for receivers that want it signed.

    :raises NotSent: when it was not posted, or the receiver refused it
    :raises Unknown: when it was posted and the answer never came
    """
    webhook = settings.WEBHOOK
    if webhook is None:
        raise NotSent("即时消息没有开通")
    body = json.dumps(payload_of(delivery, webhook["format"]), ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "changai"}
    query = ""
    if webhook["format"] == "json":
        headers["Idempotency-Key"] = delivery.key
        if webhook["secret"]:
            digest = hmac.new(webhook["secret"].encode(), body, hashlib.sha256).hexdigest()
            headers["X-Changai-Signature"] = f"sha256={digest}"
    elif webhook["format"] == "dingtalk" and webhook["secret"]:
        query = signature_query(webhook["secret"], milliseconds)
    status, answer = _post(webhook, query, body, headers)
    _check_answer(webhook["format"], status, answer)


def payload_of(delivery: Delivery, form: str) -> dict[str, Any]:
    """Return what is posted, in the receiver's form: `wecom` and `dingtalk` text robots, or `json` for a gateway.

    Source: 企业微信, 群机器人配置说明; 钉钉, 自定义机器人接入 (msgtype text, text.content).
    """
    if form == "json":
        return {
            "id": delivery.key,
            "to": delivery.recipient,
            "subject": delivery.subject,
            "text": delivery.text,
            "link": where_to_go(delivery),
        }
    return {"msgtype": "text", "text": {"content": _cut(letter_of(delivery))}}


def _cut(text: str) -> str:
    content = text.encode()
    if len(content) <= LONGEST_TEXT_BYTES:
        return text
    return content[: LONGEST_TEXT_BYTES - 3].decode(errors="ignore") + "…"


def signature_query(secret: str, milliseconds: int) -> str:
    """Return the query that signs a call to a 钉钉 robot.

    Source: 钉钉, 自定义机器人安全设置: HMAC-SHA256 of timestamp, newline, secret; Base64; URL-encoded.
    """
    signed = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    return f"&timestamp={milliseconds}&sign={quote_plus(base64.b64encode(signed))}"


def _check_answer(form: str, status: int, answer: bytes) -> None:
    if not 200 <= status < 300:
        raise NotSent(f"接收方返回 {status}")
    if form == "json":
        return
    try:
        told = json.loads(answer)
        code, words = told["errcode"], told.get("errmsg", "")
    except (ValueError, TypeError, KeyError) as fault:
        raise Unknown("接收方的回答无法识别") from fault
    if code != 0:
        raise NotSent(f"接收方拒绝：{code} {str(words)[:120]}")


def _post(webhook: dict[str, Any], query: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    parts = urlsplit(webhook["address"])
    connection = _connection(webhook)
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ('?' if query else '')}{query}"
    try:
        connection.connect()
    except (OSError, ssl.SSLError) as fault:
        connection.close()
        raise NotSent(f"无法连接接收方：{fault}") from fault
    try:
        connection.request("POST", path, body=body, headers=headers)
        response = connection.getresponse()
        return response.status, response.read(LONGEST_ANSWER)
    except (OSError, http.client.HTTPException) as fault:
        raise Unknown(f"已发出，没有收到回答：{type(fault).__name__}") from fault
    finally:
        connection.close()


def _connection(webhook: dict[str, Any]) -> http.client.HTTPConnection:
    parts = urlsplit(webhook["address"])
    host = (parts.hostname or "").lower()
    if host not in webhook["hosts"]:
        raise NotSent(f"“{host}”不在允许的主机名单内", is_final=True)
    if parts.scheme != "https" and not webhook["is_private_allowed"]:
        raise NotSent("地址应以 https:// 开头", is_final=True)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = resolved(host, port, is_private_allowed=webhook["is_private_allowed"])
    if parts.scheme == "https":
        return _PinnedTls(host, port, address)
    return _Pinned(host, port, address)


def resolved(host: str, port: int, *, is_private_allowed: bool) -> str:
    """Return the address to connect to, when every address of the host may be called.

    :raises NotSent: when the name is unknown, or one of its addresses is of the inner network without leave
    """
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError as fault:
        raise NotSent(f"无法解析主机名“{host}”") from fault
    for written in found:
        if not may_call(
            ipaddress.ip_address(written.partition("%")[0]), is_private_allowed=is_private_allowed
        ):
            raise NotSent(f"“{host}”指向不允许访问的地址", is_final=True)
    return min(found)


def may_call(address: ipaddress.IPv4Address | ipaddress.IPv6Address, *, is_private_allowed: bool) -> bool:
    """Return whether an address may be called. Link-local (metadata services) and group addresses never are."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return may_call(mapped, is_private_allowed=is_private_allowed)
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    return address.is_global or (is_private_allowed and address.is_private)


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was checked, whatever the name resolves to a moment later."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), TIMEOUT_SECONDS)


class _PinnedTls(_Pinned):
    """The same with TLS; the certificate must be the host's."""

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
