"""Who acts: plain values that every action, policy and query takes first."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """The posts of the programme. One account holds exactly one, so the three administrators exclude each other."""

    OFFICE_OFFICER = "office_officer"
    OFFICE_HEAD = "office_head"
    UNIT_LIAISON = "unit_liaison"
    UNIT_HEAD = "unit_head"
    COUNTY_REVIEWER = "county_reviewer"
    INSPECTOR = "inspector"
    LEADER = "leader"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"
    MACHINE = "machine"
    VISITOR = "visitor"

    @property
    def label(self) -> Promise:
        return ROLE_LABELS[self]


ROLE_LABELS: dict[Role, Promise] = {
    Role.OFFICE_OFFICER: _("办公室工作人员"),
    Role.OFFICE_HEAD: _("办公室负责人"),
    Role.UNIT_LIAISON: _("单位联络员"),
    Role.UNIT_HEAD: _("单位负责人"),
    Role.COUNTY_REVIEWER: _("县区审核员"),
    Role.INSPECTOR: _("督查员"),
    Role.LEADER: _("领导"),
    Role.SYSTEM_ADMINISTRATOR: _("系统管理员"),
    Role.SECURITY_ADMINISTRATOR: _("安全管理员"),
    Role.AUDIT_ADMINISTRATOR: _("审计管理员"),
    Role.MACHINE: _("系统自动"),
    Role.VISITOR: _("未登录"),
}

OFFICE = frozenset({Role.OFFICE_OFFICER, Role.OFFICE_HEAD})
NOBODYS = frozenset({Role.MACHINE, Role.VISITOR})  # no account holds these
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})


@dataclass(frozen=True)
class Actor:
    """Somebody who acts, for a unit, in a role. `unit_path` is the unit's place in the tree, such as `1.4.`."""

    person_id: int | None
    name: str
    role: Role
    unit_id: int | None = None
    unit_path: str = ""
    address: str = ""

    def is_within(self, path: str) -> bool:
        """Return whether a unit at `path` is the actor's own or below it."""
        return bool(self.unit_path) and path.startswith(self.unit_path)


MACHINE = Actor(person_id=None, name="系统自动", role=Role.MACHINE)


def visitor(address: str) -> Actor:
    """Return somebody at a network address who has not signed in; holds no permission."""
    return Actor(person_id=None, name="未登录", role=Role.VISITOR, address=address)
