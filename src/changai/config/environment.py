"""What the surroundings decide: where data lies, which database, which keys."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from changai.config.database import require_sound_sqlite

PROJECT = Path(__file__).resolve().parents[3]


class EmptyKey(RuntimeError):
    """A secret's file holds nothing."""


def data_folder() -> Path:
    """Return the folder of the database, keys and evidence (`CHANGAI_DATA`, else `var/` in the project)."""
    return Path(os.environ.get("CHANGAI_DATA") or PROJECT / "var").resolve()


def key(name: str) -> bytes:
    """Return the secret `name`, made on first use, in a file only its owner reads.

    :raises EmptyKey: when the file is there but empty; a log sealed with no key could be forged
    """
    file = data_folder() / "keys" / f"{name}.key"
    if not file.exists():
        data_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        file.parent.mkdir(exist_ok=True, mode=0o700)
        _write_once(file, secrets.token_urlsafe(64))
    content = file.read_bytes().strip()
    if not content:
        raise EmptyKey(f"密钥文件是空的：{file}。请从备份恢复；新装的系统可删除该文件后重新启动。")
    return content


def _write_once(file: Path, content: str) -> None:
    """Write a file that appears whole or not at all; the first of two who come at once wins."""
    handle, written = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "w", encoding="ascii") as unnamed:
        unnamed.write(content)
        unnamed.flush()
        os.fsync(handle)
    with suppress(FileExistsError):
        os.link(written, file)
    Path(written).unlink()


def font_folders() -> list[Path]:
    """Return the folders with the office's own fonts (`CHANGAI_FONTS`, else `fonts/` among the data) that exist."""
    named = os.environ.get("CHANGAI_FONTS", "")
    folders = [Path(name) for name in named.split(os.pathsep) if name] or [data_folder() / "fonts"]
    return [folder.resolve() for folder in folders if folder.is_dir()]


def is_set(name: str) -> bool:
    """Return whether the switch `name` is on in the environment (`1`, `true`, `yes`)."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes"}


def mail() -> dict[str, Any]:
    """Return Django's mail settings: `CHANGAI_MAIL_HOST`, `_PORT`, `_USER`, `_PASSWORD`, `_FROM`, `_TLS`; else off.

    `CHANGAI_MAIL_TLS` is `starttls` (the default), `tls` or `none`.
    """
    host = os.environ.get("CHANGAI_MAIL_HOST", "")
    tls = os.environ.get("CHANGAI_MAIL_TLS", "starttls")
    kind = "smtp" if host else "dummy"
    return {
        "EMAIL_BACKEND": f"django.core.mail.backends.{kind}.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": int(os.environ.get("CHANGAI_MAIL_PORT") or (465 if tls == "tls" else 587)),
        "EMAIL_HOST_USER": os.environ.get("CHANGAI_MAIL_USER", ""),
        "EMAIL_HOST_PASSWORD": os.environ.get("CHANGAI_MAIL_PASSWORD", ""),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "tls",
        "DEFAULT_FROM_EMAIL": os.environ.get("CHANGAI_MAIL_FROM", "changai@localhost"),
    }


WEBHOOK_FORMATS = ("wecom", "dingtalk", "json")
ROBOT_HOSTS = frozenset({"qyapi.weixin.qq.com", "oapi.dingtalk.com"})


def webhook() -> dict[str, Any] | None:
    """Return where messages are posted: `CHANGAI_WEBHOOK_URL`, `_FORMAT`, `_SECRET`, `_HOSTS`, `_PRIVATE`; else None.

    Hosts other than the two public robots' must be named in `CHANGAI_WEBHOOK_HOSTS` (comma-separated); addresses of
    the inner network need `CHANGAI_WEBHOOK_PRIVATE=1`.

    :raises ValueError: when the format is none of `WEBHOOK_FORMATS`
    """
    address = os.environ.get("CHANGAI_WEBHOOK_URL", "")
    if not address:
        return None
    form = os.environ.get("CHANGAI_WEBHOOK_FORMAT", "wecom")
    if form not in WEBHOOK_FORMATS:
        raise ValueError(f"CHANGAI_WEBHOOK_FORMAT 应为 {'、'.join(WEBHOOK_FORMATS)} 之一")
    named = os.environ.get("CHANGAI_WEBHOOK_HOSTS", "").lower().split(",")
    return {
        "address": address,
        "format": form,
        "secret": os.environ.get("CHANGAI_WEBHOOK_SECRET", ""),
        "hosts": ROBOT_HOSTS | {host.strip() for host in named if host.strip()},
        "is_private_allowed": is_set("CHANGAI_WEBHOOK_PRIVATE"),
    }


def database() -> dict[str, Any]:
    """Return Django's settings for the database: `CHANGAI_DATABASE_URL` (`postgresql://…`), else embedded SQLite."""
    address = os.environ.get("CHANGAI_DATABASE_URL", "")
    if address:
        return _postgresql(address)
    require_sound_sqlite()
    return sqlite(data_folder() / "changai.sqlite3")


def sqlite(file: Path | str) -> dict[str, Any]:
    """Return the settings of an embedded database that loses nothing it has acknowledged.

    WAL with `synchronous=FULL`: with NORMAL, 64 % of replayed power losses lost acknowledged reports. IMMEDIATE:
    a deferred read-then-write transaction fails at once under load. No mmap: it amplifies the WAL-reset fault.
    """
    pragmas = (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "journal_size_limit=67108864",
        "trusted_schema=OFF",
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 15,
            "init_command": ";".join(f"PRAGMA {pragma}" for pragma in pragmas),
        },
    }


def _postgresql(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError("CHANGAI_DATABASE_URL 应以 postgresql:// 开头")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(options.pop("port", parts.port or "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": "-c lock_timeout=10s -c statement_timeout=30s -c idle_in_transaction_session_timeout=30s",
            **options,
        },
    }
