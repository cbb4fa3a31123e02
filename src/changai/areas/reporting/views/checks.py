"""Rules of checking: the list, one rule with its trial and its versions, writing one, how they fare."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from changai.areas.organisations import queries as organisations
from changai.areas.reporting import actions, policies, queries
from changai.areas.reporting.exports import CheckRow, checks_sheet
from changai.areas.reporting.forms.checking import (
    ROLE_WORDS,
    WORDS,
    CheckFilter,
    CheckForm,
    content_of,
    initial_of,
)
from changai.areas.reporting.models import CheckRule, CheckVersion
from changai.areas.reporting.queries.checks import Use
from changai.areas.reporting.rules.figures import STANDING
from changai.areas.reporting.views.lists import crumbs
from changai.core.checks import KINDS
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.downloads import workbook_called
from changai.foundation.pages import Request, page, press, press_form, version_sent
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import Crumb

LIGHT_OF_SEVERITY = {"block": "overdue", "explain": "near", "note": "none"}
USE_DAYS = 365


def _listing(request: Request) -> Listing:
    return Listing(
        request.GET,
        queries.visible_checks(request.actor),
        default="code",
        sorts={"code": "code", "name": "name", "severity": "severity"},
        filters={
            "state": _in_state,
            "severity": lambda rows, text: rows.filter(severity=text),
            "kind": lambda rows, text: rows.filter(kind=text),
            "q": lambda rows, text: rows.filter(name__icontains=text),
        },
    )


@page("check.view")
@require_safe
def checks(request: Request) -> HttpResponse:
    """List the rules: those of the city, and below them those no one switches off."""
    listing = _listing(request)
    rows = [
        (rule, WORDS[rule.kind].name, LIGHT_OF_SEVERITY[rule.severity], _label(rule.severity))
        for rule in listing
    ]
    context = {
        "listing": listing,
        "rows": rows,
        "form": CheckFilter(request.GET),
        "standing": [
            (
                rule.name,
                WORDS[rule.kind].name,
                LIGHT_OF_SEVERITY[rule.severity],
                _label(rule.severity),
                rule.origin,
            )
            for rule in STANDING
        ],
        "may_edit": policies.may_edit_checks(request.actor),
        "breadcrumbs": crumbs(Crumb(_("校验规则"))),
    }
    return render(request, "reporting/checks.html", context)


@page("check.view")
@require_safe
def checks_export(request: Request) -> HttpResponse:
    """Download the listed rules in words, with how they fared in a year, as a workbook."""
    uses = {use.code: use for use in queries.uses_of_rules(timezone.localdate() - timedelta(days=USE_DAYS))}
    known = queries.dictionary()
    rows = [_told(rule, known, uses.get(rule.code)) for rule in _listing(request).rows]
    title = _("校验规则")
    return workbook_called(
        title, organisations.workbook_of(request.actor, [checks_sheet(rows, title=title)], at=timezone.now())
    )


def _told(rule: Any, known: Mapping[str, Any], use: Use | None) -> CheckRow:
    version = next((one for one in rule.versions.all() if one.is_in_force), rule.versions.all()[0])
    kind = queries.rule_of(version).kind
    state = _("已启用") if rule.is_on else _("草稿") if rule.has_draft else _("已停用")
    return CheckRow(
        code=rule.code,
        name=version.name,
        kind=str(WORDS[version.kind].name),
        severity=_label(version.severity),
        content="；".join(f"{label}：{text}" for label, text in content_of(kind, known)),
        sentence=version.sentence or kind.sentence,
        origin=version.origin,
        state=state,
        switched_on_at=version.switched_on_at,
        switched_on_by=version.switched_on_by_name,
        sheets=use.sheets if use else 0,
        mended=use.mended if use else 0,
        accepted=use.accepted if use else 0,
    )


def _in_state(rows: QuerySet[CheckRule], text: str) -> QuerySet[CheckRule]:
    tests: Mapping[str, dict[str, bool]] = {
        "on": {"is_on": True},
        "draft": {"has_draft": True},
        "off": {"is_on": False, "has_draft": False},
    }
    return rows.filter(**tests[text]) if text in tests else rows


def _label(severity: str) -> str:
    return str(CheckVersion.Severity(severity).label)


def _crumbs(*further: Crumb) -> list[Crumb]:
    return crumbs(Crumb(_("校验规则"), reverse("reporting:checks")), *further)


@page("check.view")
@require_safe
def check_rule(request: Request, pk: int) -> HttpResponse:
    """Show one rule: what holds, the draft with its trial, the versions, where it spoke."""
    return _rule_page(request, pk)


def _rule_page(request: Request, pk: int, *, faults: tuple[str, ...] = (), status: int = 200) -> HttpResponse:
    rule = queries.check_for(request.actor, pk)
    may_edit = policies.may_edit_checks(request.actor)
    versions = [version for version in rule.versions.all() if may_edit or not version.is_draft]
    known = queries.dictionary()
    wordings = [_wording(version, known) for version in versions]
    context = {
        "rule": rule,
        "title": versions[0].name,
        "in_force": next((one for one in wordings if one["version"].is_in_force), None),
        "draft": next((one for one in wordings if one["version"].is_draft), None),
        "last": wordings[0],
        "versions": versions,
        "may_edit": may_edit,
        "hits": queries.hits_of(rule.code)[:10] if may_edit else [],
        "faults": faults,
        "breadcrumbs": _crumbs(Crumb(versions[0].name)),
    }
    return render(request, "reporting/check.html", context, status=status)


def _wording(version: CheckVersion, known: Mapping[str, Any]) -> dict[str, Any]:
    kind = queries.rule_of(version).kind
    return {
        "version": version,
        "kind": WORDS[version.kind].name,
        "light": LIGHT_OF_SEVERITY[version.severity],
        "content": content_of(kind, known),
        "sentence": version.sentence or kind.sentence,
        "trial": _trial(version.trial),
        "cases": [
            (ROLE_WORDS[asked.role], version.passes.get(asked.role, ""), version.fails.get(asked.role, ""))
            for asked in kind.inputs
        ],
    }


def _trial(kept: Mapping[str, Any]) -> dict[str, Any]:
    months = {name: Month.parse(kept[name]).first_on for name in ("first", "last") if name in kept}
    return {**kept, **months}


@page("check.edit")
def check_new(request: Request) -> HttpResponse:
    """Choose a kind, then write a rule of it."""
    kind = request.GET.get("kind", "")
    if kind not in KINDS:
        kinds = [(code, words.name, words.help) for code, words in WORDS.items()]
        context = {"kinds": kinds, "breadcrumbs": _crumbs(Crumb(_("新增规则")))}
        return render(request, "reporting/check_kinds.html", context)
    form = CheckForm(kind, queries.dictionary(), request.POST or None)
    entry = form.entry() if form.is_valid() else None
    done, then = _("已保存为草稿，请试运行后启用。"), reverse("reporting:checks") + "?state=draft"
    if entry and (answer := press_form(request, form, actions.create_check, entry, done=done, then=then)):
        return answer
    return _form_page(request, form, _("新增规则"))


@page("check.edit")
def check_edit(request: Request, pk: int) -> HttpResponse:
    """Change the draft of a rule, or begin one."""
    rule = queries.check_for(request.actor, pk)
    version = rule.versions.all()[0]
    initial = initial_of(version) | {"version": rule.version}
    form = CheckForm(version.kind, queries.dictionary(), request.POST or None, initial=initial)
    if form.is_valid() and (entry := form.entry()):
        answer = press_form(
            request, form, actions.edit_check, pk, entry,
            version=form.cleaned_data["version"] or 0,
            done=_("已保存为草稿，请试运行后启用。"), then=reverse("reporting:check_rule", args=[pk]),
        )  # fmt: skip
        if answer:
            return answer
    return _form_page(request, form, version.name)


def _form_page(request: Request, form: CheckForm, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "breadcrumbs": _crumbs(Crumb(title))}
    return render(request, "reporting/check_form.html", context, status=422 if form.errors else 200)


@page("check.edit")
@require_POST
def check_try(request: Request, pk: int) -> HttpResponse:
    """Try the draft on the sheets of the last twelve months."""
    return press(
        request, actions.try_check, pk, version=version_sent(request),
        done=_("试运行完成，请看结果。"), then=reverse("reporting:check_rule", args=[pk]) + "#trial",
    )  # fmt: skip


@page("check.edit")
@require_POST
def check_on(request: Request, pk: int) -> HttpResponse:
    """Switch the draft on."""
    return press(
        request, actions.switch_on_check, pk, version=version_sent(request),
        done=_("已启用，从现在起检查各单位的月报。"), then=reverse("reporting:check_rule", args=[pk]),
    )  # fmt: skip


@page("check.edit")
@require_POST
def check_off(request: Request, pk: int) -> HttpResponse:
    """Switch the rule off, with the reason."""
    return press(
        request, actions.switch_off_check, pk, version=version_sent(request),
        reason=request.POST.get("reason", ""), done=_("已停用。"), then=reverse("reporting:check_rule", args=[pk]),
    )  # fmt: skip


@page("check.edit")
@require_POST
def check_discard(request: Request, pk: int) -> HttpResponse:
    """Throw the draft away."""
    return press(
        request, actions.discard_check, pk, version=version_sent(request),
        done=_("草稿已放弃。"), then=reverse("reporting:checks"),
    )  # fmt: skip


@page("check.edit")
@require_POST
def checks_install(request: Request) -> HttpResponse:
    """Write the default rules as drafts."""
    return press(
        request, actions.install_default_checks,
        done=_("常用规则已列为草稿，请逐条试运行后启用。"), then=reverse("reporting:checks") + "?state=draft",
    )  # fmt: skip


@page("check.edit")
@require_safe
def checks_use(request: Request) -> HttpResponse:
    """Show which rules speak most, and how often what they found was mended, explained or let pass."""
    today = timezone.localdate()
    rules = {rule.code: rule for rule in queries.visible_checks(request.actor)}
    standing = {rule.code: rule.name for rule in STANDING}
    uses = queries.uses_of_rules(today - timedelta(days=USE_DAYS))
    spoken, in_force = {use.code for use in uses}, {rule.code for rule in queries.rules_in_force()}
    context = {
        "rows": [(use, rules.get(use.code), standing.get(use.code, use.code)) for use in uses],
        "silent": [rule for code, rule in rules.items() if code in in_force and code not in spoken],
        "breadcrumbs": _crumbs(Crumb(_("规则使用情况"))),
    }
    return render(request, "reporting/checks_use.html", context)


@page("report.view")
@require_safe
def findings(request: Request, pk: int) -> HttpResponse:
    """Show what the checks find in the sheet as it is saved now: a fragment of the sheet's page."""
    report = queries.report_for(request.actor, pk)
    if not policies.may_read_sheet(request.actor, report):
        raise NotVisible
    shown = queries.shown_while_filling(queries.findings_of(report))
    return render(request, "reporting/_findings.html", {"findings": shown})
