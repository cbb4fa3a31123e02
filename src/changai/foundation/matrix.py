"""The one permission matrix: role x permission -> how far it reaches. Default deny.

Policies ask it, the menus are drawn from it, the page 权限一览 prints it and the permission tests are generated
from it. A right is given here or nowhere.
"""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from changai.foundation.actors import ADMINISTRATORS, NOBODYS, Actor, Role

OO, OH = Role.OFFICE_OFFICER, Role.OFFICE_HEAD
UL, UH = Role.UNIT_LIAISON, Role.UNIT_HEAD
CR, IN, LE = Role.COUNTY_REVIEWER, Role.INSPECTOR, Role.LEADER
SA, SE, AU = Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR
EVERYBODY = tuple(role for role in Role if role not in NOBODYS)
BUSINESS = tuple(role for role in EVERYBODY if role not in ADMINISTRATORS)


class Scope(StrEnum):
    """How far a permission reaches: records of every unit, of the own unit and those below it, of the own unit."""

    ALL = "all"
    BRANCH = "branch"
    OWN = "own"


def _grant(*everywhere: Role, branch: tuple[Role, ...] = (), own: tuple[Role, ...] = ()) -> dict[Role, Scope]:
    return (
        dict.fromkeys(everywhere, Scope.ALL)
        | dict.fromkeys(branch, Scope.BRANCH)
        | dict.fromkeys(own, Scope.OWN)
    )


# code: (中文, grants). `*.view` opens pages and records; everything else is a button.
MATRIX: dict[str, tuple[Promise, dict[Role, Scope]]] = {
    "home.view": (_("待办"), _grant(*EVERYBODY)),
    "state.view": (_("全市总览"), _grant(LE, OO, OH)),
    "unit.view": (_("查看组织机构"), _grant(*BUSINESS, SA, SE)),
    "unit.edit": (_("维护组织机构"), _grant(OO, OH)),
    "setting.edit": (_("维护机构名称等设置"), _grant(OO, OH)),
    "refusal.view": (_("查看未接收的文件"), _grant(OO, OH)),
    "workday.view": (_("查看工作日历"), _grant(*BUSINESS)),
    "plan.view": (_("查看方案要点"), _grant(*BUSINESS)),
    "plan.edit": (_("录入、拆解方案"), _grant(OO, OH)),
    "plan.issue": (_("下达任务"), _grant(OH)),
    "claim.view": (_("查看任务"), _grant(OO, OH, IN, LE, branch=(UL, UH, CR))),
    "claim.answer": (_("认领、异议、分解、转办任务"), _grant(own=(UL, UH))),
    "claim.settle": (_("裁定任务异议"), _grant(OO, OH)),
    "milestone.edit": (_("编制任务计划节点"), _grant(own=(UL, UH))),
    "form.edit": (_("设置报表、开启报告期"), _grant(OO, OH)),
    "check.view": (_("查看校验规则"), _grant(*BUSINESS)),
    "check.edit": (_("维护校验规则"), _grant(OO, OH)),
    "burden.except": (_("审批填报减负例外"), _grant(OH)),
    "report.view": (_("查看月报"), _grant(OO, OH, IN, LE, branch=(UL, UH, CR))),
    "report.fill": (_("填写月报"), _grant(own=(UL, UH))),
    "report.submit": (_("提交月报"), _grant(own=(UL,))),
    "report.sign": (_("审签月报"), _grant(own=(UH,))),
    "report.review": (_("审核、退回月报"), _grant(OO, OH, branch=(CR,))),
    "report.comment": (_("批注月报"), _grant(OO, OH, branch=(CR,), own=(UL, UH))),
    "report.unlock": (_("解锁已采用的月报"), _grant(OO, OH)),
    "register.view": (_("查看名册"), _grant(OO, OH, IN, LE, branch=(UL, UH, CR))),
    "register.edit": (_("维护名册"), _grant(own=(UL, UH))),
    "evidence.view": (_("查看佐证材料"), _grant(OO, OH, IN, LE, branch=(UL, UH, CR))),
    "evidence.add": (_("上传佐证材料"), _grant(OO, OH, own=(UL, UH))),
    "fact.view": (_("查看数据"), _grant(OO, OH, IN, LE, branch=(UL, UH, CR))),
    "fact.enter": (_("下达、核验数据"), _grant(OO, OH)),
    "field.edit": (_("维护数据项目录"), _grant(OO, OH)),
    "table.issue": (_("印发汇总表"), _grant(OO, OH)),
    "correction.ask": (_("申请更正数据"), _grant(OO, OH, own=(UL, UH))),
    "correction.approve": (_("批准更正数据"), _grant(OO, OH)),
    "scheme.view": (_("查看指标体系"), _grant(*BUSINESS)),
    "scheme.edit": (_("导入、修改指标体系"), _grant(OO, OH)),
    "scheme.consult": (_("组织征求意见、处理意见"), _grant(OO, OH)),
    "scheme.comment": (_("对征求意见稿提出意见"), _grant(own=(UL, UH))),
    "scheme.issue": (_("印发指标体系"), _grant(OH)),
    "assessment.view": (_("查看考核结果"), _grant(OO, OH, IN, LE, branch=(UL, UH, CR))),
    "assessment.run": (_("组织考核计分"), _grant(OO, OH)),
    "assessment.review": (_("人工核定得分"), _grant(OO, OH)),
    "assessment.answer": (_("自评、确认考核数据、提出申诉"), _grant(own=(UL, UH))),
    "leaf.review": (_("审核归口指标数据"), _grant(OO, OH, own=(UL, UH))),
    "assessment.verify": (_("登记现场核验结果"), _grant(OO, OH, IN)),
    "panel.judge": (_("多人评审打分（经办公室指定）"), _grant(OO, OH, IN, UH, UL)),
    "weighing.view": (_("查看专家评权"), _grant(OO, OH, IN, UH, UL)),
    "weighing.run": (_("组织专家评权"), _grant(OO, OH)),
    "weighing.judge": (_("作为专家评判指标（经办公室指定）"), _grant(OO, OH, IN, UH, UL)),
    "objection.reply": (_("答复考核申诉"), _grant(OO, OH)),
    "objection.review": (_("复核考核申诉（经办公室指定）"), _grant(OO, OH, IN, UH)),
    "assessment.publish": (_("公布考核结果"), _grant(OH)),
    "commendation.view": (_("查看表彰公示"), _grant(*BUSINESS)),
    "use.view": (_("查看结果运用"), _grant(OO, OH, LE)),
    "use.edit": (_("办理结果运用"), _grant(OO, OH)),
    "use.decide": (_("决定结果运用"), _grant(OH)),
    "briefing.view": (_("阅读简报"), _grant(*BUSINESS)),
    "briefing.edit": (_("编写简报"), _grant(OO, OH)),
    "briefing.approve": (_("审批、印发简报"), _grant(OH)),
    "archive.make": (_("制作公文归档包"), _grant(OO, OH)),
    "countersign.answer": (_("会签公文"), _grant(own=(UH,))),
    "receipt.view": (_("查看公文签收情况"), _grant(OO, OH, LE)),
    "paper.receive": (_("签收公文"), _grant(own=(UL, UH))),
    "suggestion.view": (_("处理意见建议"), _grant(OO, OH)),
    "account.view": (_("查看账号"), _grant(SA, SE)),
    "account.edit": (_("开设、停用账号"), _grant(SA)),
    "account.grant": (_("授予岗位、解锁账号"), _grant(SE)),
    "delivery.view": (_("查看消息发送"), _grant(SA)),
    "delivery.edit": (_("重发、停发消息"), _grant(SA)),
    "matrix.view": (_("查看权限一览"), _grant(SA, SE, AU)),
    "audit.view": (_("查看审计日志"), _grant(AU)),
}


def scope_of(role: Role, permission: str) -> Scope | None:
    """Return how far the role's permission reaches, or None when it has none. A job reaches everything.

    :raises KeyError: when there is no such permission
    """
    grants = MATRIX[permission][1]
    return Scope.ALL if role is Role.MACHINE else grants.get(role)


def allows(actor: Actor, permission: str, unit_path: str | None = None) -> bool:
    """Return whether the actor holds the permission, for a record of the unit at `unit_path` when one is given."""
    scope = scope_of(actor.role, permission)
    if scope is None:
        return False
    if unit_path is None or scope is Scope.ALL:
        return True
    return unit_path == actor.unit_path if scope is Scope.OWN else actor.is_within(unit_path)
