"""How logins are folded, which post goes with which unit, and how long passwords live."""

import re
import secrets
import unicodedata
from datetime import datetime, timedelta

from changai.foundation.actors import ADMINISTRATORS, OFFICE, Role

FIRST_PASSWORD_LIVES = timedelta(hours=72)
PASSWORD_LIVES = timedelta(days=90)
PASSWORDS_REMEMBERED = 5
SESSIONS_AT_ONCE = 2
ADMINISTRATOR_IDLE = timedelta(minutes=15)

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._\-]{1,39}")
# Without 0 O o 1 l I, which people mistake for one another when they copy a password from paper.
_SMALL, _CAPITALS, _DIGITS = "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"


def folded_login(written: str) -> str:
    """Return the login as it is stored: NFKC, no blanks or control characters around or within, lower case."""
    folded = "".join(unicodedata.normalize("NFKC", written).casefold().split())
    return "".join(mark for mark in folded if unicodedata.category(mark)[0] != "C")


def login_fault(login: str) -> str:
    """Return why a folded login cannot be used, or nothing."""
    if _LOGIN.fullmatch(login):
        return ""
    return "登录名应为 2—40 位字母、数字、点、下划线或短横线，以字母或数字开头。"


def post_fault(role: Role, level: str | None) -> str:
    """Return why a post cannot be held in a unit of `level` (None: in no unit), or nothing."""
    if role in ADMINISTRATORS:
        return "" if level is None else "系统、安全、审计管理员不属于任何单位，单位应留空。"
    if level is None:
        return "请选择所在单位。"
    if role in OFFICE:
        return "" if level == "office" else "办公室岗位应在办公室名下。"
    if role is Role.COUNTY_REVIEWER:
        return "" if level in {"county", "member"} else "审核员应在县区或行业主管的成员单位名下。"
    if role in {Role.UNIT_LIAISON, Role.UNIT_HEAD} and level == "city":
        return "单位岗位应在具体单位名下。"
    return ""


def new_first_password() -> str:
    """Return a random password for a first sign-in: sixteen characters in four groups, about 75 bits."""
    kinds = (_CAPITALS, _SMALL, _DIGITS, _SMALL + _CAPITALS)
    return "-".join("".join(secrets.choice(kind) for kind in kinds) for _ in range(4))


def sessions_at_once(role: str) -> int:
    """Return how many sessions an account may have at a time."""
    return 1 if role in ADMINISTRATORS else SESSIONS_AT_ONCE


def is_password_due(changed_at: datetime | None, *, must_change: bool, now: datetime) -> bool:
    """Return whether the password has to be changed before anything else."""
    return must_change or (changed_at is not None and now - changed_at > PASSWORD_LIVES)
