"""Rules of checking: written as drafts, tried on history, switched on and off; and the checking of a sheet itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import models
from django.utils import timezone

from changai.areas.reporting import policies
from changai.areas.reporting.actions._hitting import keep_hits
from changai.areas.reporting.actions._locking import take
from changai.areas.reporting.models import CheckRule, CheckVersion
from changai.areas.reporting.queries import (
    codes_on_one_form,
    dictionary,
    findings_of,
    rule_of,
    rules_in_force,
    try_on_history,
)
from changai.areas.reporting.rules.default_checks import DEFAULTS, DefaultRule
from changai.areas.reporting.rules.moves import SUBMIT
from changai.areas.reporting.rules.sheets import Fault
from changai.core.checks import EVERY, Kind, Rule, Severity, as_json, circles, faults_of
from changai.core.errors import Invalid, NotVisible, RecordMoved
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.versions import require_version


@dataclass(frozen=True)
class RuleEntry:
    """What the office writes about a rule; `passes` and `fails` are the test values by the roles of the kind."""

    name: str
    kind: Kind
    severity: Severity
    origin: str
    sentence: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    passes: Mapping[str, str] = field(default_factory=dict)
    fails: Mapping[str, str] = field(default_factory=dict)


@action("check.create")
def create_check(actor: Actor, entry: RuleEntry, *, at: datetime) -> CheckRule:
    """Write a new rule as a draft and return it; it checks nothing before it is switched on.

    :raises Invalid: when the rule is unsound, or its test values do not pass and fail as they say
    """
    policies.require_checks(actor)
    _require_sound(entry)
    return _create(actor, entry, at=at)


@action("check.edit")
def edit_check(actor: Actor, rule_id: int, entry: RuleEntry, *, version: int, at: datetime) -> CheckVersion:
    """Change the draft of a rule, or begin one beside the wording in force; a trial made before counts no more.

    :raises RecordMoved: when somebody else changed the rule after `version` was read
    :raises Invalid: when the rule is unsound, or its test values do not pass and fail as they say
    """
    rule = _take(actor, rule_id, version)
    _require_sound(entry)
    draft = _draft_of(rule) or CheckVersion(rule=rule, number=_last_number(rule) + 1)
    _write(draft, entry, actor, at)
    _keep(rule)
    record(actor, "check.edit", rule, at=at, number=draft.number)
    return draft


@action("check.discard")
def discard_check(actor: Actor, rule_id: int, *, version: int, at: datetime) -> None:
    """Throw a draft away, and with it a rule that never had another wording.

    :raises RecordMoved: when there is no draft
    """
    rule = _take(actor, rule_id, version)
    draft = _require_draft(rule)
    record(actor, "check.discard", rule, at=at, number=draft.number)
    if rule.versions.count() == 1:
        rule.delete()
    else:
        draft.delete()
        _keep(rule)


@action("check.try")
def try_check(actor: Actor, rule_id: int, *, version: int, at: datetime) -> CheckVersion:
    """Try the draft on the sheets of the last twelve months and keep what it would have caught.

    :raises RecordMoved: when there is no draft
    """
    rule = _take(actor, rule_id, version)
    draft = _require_draft(rule)
    trial = try_on_history(rule_of(draft), timezone.localdate(at))
    draft.trial = trial.as_json(at)
    draft.save(update_fields=["trial"])
    _keep(rule)
    record(actor, "check.try", rule, at=at, number=draft.number, sheets=trial.sheets, caught=trial.caught)
    return draft


@action("check.switch_on")
def switch_on_check(actor: Actor, rule_id: int, *, version: int, at: datetime) -> CheckVersion:
    """Let the draft check from now on, in place of the wording before it.

    :raises Invalid: when it was not tried, reads what no form asks together, or closes a circle of totals
    :raises RecordMoved: when there is no draft
    """
    rule = _take(actor, rule_id, version)
    draft = _require_draft(rule)
    _require_ready(rule, draft)
    _end(rule, actor, at, reason="由新版本替代")
    draft.switched_on_at, draft.switched_on_by_name = at, actor.name
    draft.save(update_fields=["switched_on_at", "switched_on_by_name"])
    _keep(rule)
    record(actor, "check.switch_on", rule, at=at, number=draft.number)
    return draft


@action("check.switch_off")
def switch_off_check(actor: Actor, rule_id: int, *, reason: str, version: int, at: datetime) -> CheckRule:
    """Stop a rule; what it found stays on record.

    :raises Invalid: when no reason is given
    :raises RecordMoved: when it is not in force
    """
    rule = _take(actor, rule_id, version)
    if not reason.strip():
        raise Invalid("请写明停用的原因。")
    if not _end(rule, actor, at, reason=reason.strip()[:200]):
        raise RecordMoved("该规则没有启用，不需停用。")
    _keep(rule)
    record(actor, "check.switch_off", rule, at=at, reason=reason.strip()[:200])
    return rule


@action("check.install")
def install_default_checks(actor: Actor, *, at: datetime) -> list[CheckRule]:
    """Write the default rules whose figures the dictionary has as drafts; those there already stay as they are.

    :raises RecordMoved: when none is left to install
    """
    policies.require_checks(actor)
    known = dictionary()
    present = set(CheckRule.objects.exclude(seed="").values_list("seed", flat=True))
    chosen = [
        default for default in DEFAULTS
        if default.seed not in present and set(default.kind.reads) <= {*known, EVERY}
    ]  # fmt: skip
    if not chosen:
        raise RecordMoved("常用规则都已在列，或数据项目录中没有它们用到的数据项。")
    return [_create(actor, _entry_of(default), seed=default.seed, at=at) for default in chosen]


@action("report.check")
def check_report(actor: Actor, report_id: int, *, at: datetime) -> tuple[Fault, ...]:
    """Check a sheet before it is submitted, keep which rules spoke and which were met, and return the findings."""
    report = take(actor, report_id, SUBMIT)
    found = findings_of(report)
    keep_hits(report, found, at)
    blocking = sum(fault.is_open for fault in found)
    record(actor, "report.check", report, at=at, found=len(found), open=blocking)
    return found


def _create(actor: Actor, entry: RuleEntry, *, at: datetime, seed: str = "") -> CheckRule:
    last = CheckRule.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rule = CheckRule.objects.create(code=f"JY{last + 1:03d}", seed=seed)
    _write(CheckVersion(rule=rule, number=1), entry, actor, at)
    record(actor, "check.create", rule, at=at, code=rule.code)
    return rule


def _write(draft: CheckVersion, entry: RuleEntry, actor: Actor, at: datetime) -> None:
    draft.name, draft.origin = entry.name.strip(), entry.origin.strip()
    draft.kind, draft.values, draft.reads = entry.kind.code, as_json(entry.kind), list(entry.kind.reads)
    draft.severity, draft.sentence = str(entry.severity), entry.sentence.strip()
    draft.valid_from, draft.valid_to = entry.valid_from, entry.valid_to
    draft.passes, draft.fails = dict(entry.passes), dict(entry.fails)
    draft.trial, draft.edited_at, draft.edited_by_name = {}, at, actor.name
    draft.save()


def _entry_of(default: DefaultRule) -> RuleEntry:
    return RuleEntry(
        default.name, default.kind, default.severity, default.origin,
        passes=default.passes, fails=default.fails,
    )  # fmt: skip


def _require_sound(entry: RuleEntry) -> None:
    rule = Rule(
        "", entry.name, entry.severity, entry.kind, entry.sentence, entry.origin,
        entry.valid_from, entry.valid_to, entry.passes, entry.fails,
    )  # fmt: skip
    if faults := faults_of(rule, dictionary()):
        raise Invalid("规则有误，没有保存，请更正。", faults=faults)


def _require_ready(rule: CheckRule, draft: CheckVersion) -> None:
    made = rule_of(draft)
    faults = list(faults_of(made, dictionary()))
    if not draft.trial:
        faults.append("请先在历史月报上试运行，看过结果再启用。")
    if not codes_on_one_form(draft.reads):
        faults.append("在用的报表中没有一张同时含有这些数据项，规则不会起作用，请先调整报表或规则。")
    others = [other for other in rules_in_force() if other.code != rule.code]
    if circles([*others, made]) and not circles(others):
        faults.append("与已启用的规则合起来成了循环合计（合计项又是自己的分项），请更正。")
    if faults:
        raise Invalid("规则还不能启用。", faults=tuple(faults))


def _take(actor: Actor, rule_id: int, version: int) -> CheckRule:
    policies.require_checks(actor)
    rule = CheckRule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise NotVisible
    require_version(rule, version)
    return rule


def _keep(rule: CheckRule) -> None:
    rule.version += 1
    rule.save(update_fields=["version"])


def _draft_of(rule: CheckRule) -> CheckVersion | None:
    return rule.versions.filter(switched_on_at__isnull=True).first()


def _require_draft(rule: CheckRule) -> CheckVersion:
    draft = _draft_of(rule)
    if draft is None:
        raise RecordMoved("该规则没有待启用的草稿，请刷新页面。")
    return draft


def _last_number(rule: CheckRule) -> int:
    return rule.versions.aggregate(last=models.Max("number"))["last"] or 0


def _end(rule: CheckRule, actor: Actor, at: datetime, *, reason: str) -> int:
    in_force = rule.versions.filter(switched_on_at__isnull=False, switched_off_at__isnull=True)
    return in_force.update(switched_off_at=at, switched_off_by_name=actor.name, off_reason=reason)
