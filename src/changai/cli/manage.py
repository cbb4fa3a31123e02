"""`changai migrate`, `changai manage …`, `changai account …`: setting an installation up and keeping it."""

import argparse
from typing import Any

from changai.core.errors import Invalid


def register(commands: Any) -> None:
    """Add `migrate`, `manage` and `account` to the command line's `commands`."""
    migrate = commands.add_parser("migrate", help="建立或升级数据库结构")
    migrate.set_defaults(run=run_migrate)
    # No prefix: options after `manage` are meant for Django, not for this parser.
    manage = commands.add_parser(
        "manage", help="执行 Django 的管理命令，如 changai manage check", prefix_chars="\0"
    )
    manage.add_argument("words", nargs=argparse.REMAINDER, metavar="…", help="命令及其参数")
    manage.set_defaults(run=run_manage)
    account = commands.add_parser("account", help="新安装时开设三名管理员账号并打印首次密码")
    account.add_argument("--city", required=True, metavar="NAME", help="城市名称，如 示范市")
    account.add_argument("--office", default="", metavar="NAME", help="办公室名称，默认为城市名称加“产改办”")
    account.set_defaults(run=run_account)


def run_migrate(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - the command line's signature
    """Bring the database to the structure this version needs."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=1)
    return 0


def run_manage(arguments: argparse.Namespace) -> int:
    """Hand the words over to Django's own command line."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["changai manage", *arguments.words])
    return 0


def run_account(arguments: argparse.Namespace) -> int:
    """Set up a new installation: the city, its office, and the three administrators with one-time passwords.

    :raises Invalid: when there are accounts already
    """
    import django
    from django.core.management import call_command
    from django.db import transaction

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic():
        opened = _set_up(arguments.city.strip(), arguments.office.strip())
    print("已开设三名管理员。首次密码只显示这一次，72 小时内有效，首次登录须修改：")
    for person, password in opened:
        print(f"  {person.name}　登录名 {person.login}　首次密码 {password}")
    print("接下来：系统管理员开设账号，安全管理员授予岗位；办公室人员登录后维护组织机构。")
    return 0


def _set_up(city: str, office: str) -> list[tuple[Any, str]]:
    from django.utils import timezone

    from changai.areas.accounts.actions import open_first_administrators
    from changai.areas.organisations import queries as organisations
    from changai.areas.organisations.actions import NewUnit, add_unit, save_city
    from changai.foundation.actors import MACHINE

    at, today = timezone.now(), timezone.localdate()
    office = office or f"{city}产改办"
    opened = open_first_administrators(MACHINE, at=at)
    if organisations.open_units("city", on=today).exists():
        raise Invalid("数据库中已有组织机构。请在空的数据库上初始化。")
    root = add_unit(MACHINE, NewUnit("000", city, city[:20], "city"), parent_id=None, on=today, at=at)
    add_unit(MACHINE, NewUnit("001", office, office[:20], "office"), parent_id=root.pk, on=today, at=at)
    names = organisations.city()
    save_city(
        MACHINE, version=names.version, city_name=city, body_name=names.body_name,
        office_name=f"{city}{names.office_name}", office_short_name=names.office_short_name, at=at,
    )  # fmt: skip
    return opened
