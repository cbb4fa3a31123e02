"""Issuing a version that the rules of burden speak against: only with a reason, which the register keeps."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from changai.areas.accounts.tests.make import MOMENT
from changai.areas.reporting.models import BurdenException
from changai.areas.schemes.actions import issue_scheme
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.queries import burdens_of, kept_against_burden
from changai.areas.schemes.tests.make import make_dictionary, make_draft, make_issued, scheme_dict
from changai.core.errors import Invalid
from changai.foundation.actors import Actor
from changai.foundation.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
REASON = "省考核办法列明，本年度不能删去"


@pytest.fixture
def burdened(officer: Actor) -> SchemeVersion:
    """A draft that assesses leaders' notes (forbidden) and papers issued (to be explained)."""
    make_dictionary()
    tables: list[dict[str, Any]] = deepcopy(scheme_dict()["tables"])
    tables[0]["nodes"][0]["children"][0]["wording"] = "获得领导批示的得满分"
    tables[0]["nodes"][0]["children"][1]["wording"] = "制定实施方案，迟报一次扣1分"
    return make_draft(officer, tables=tables)


def test_what_burdens_the_base_is_issued_only_with_a_reason_that_stays(
    office_head: Actor, burdened: SchemeVersion
) -> None:
    assert [(rule, forbidden) for rule, _told, forbidden in burdens_of(burdened)] == [
        ("leaders_notes", True), ("meetings_and_papers", False),
    ]  # fmt: skip
    for reason in ("", "工作需要", "确"):
        with pytest.raises(Invalid, match="理由") as refused:
            issue_scheme(office_head, burdened.pk, version=1, reason=reason, at=MOMENT)
        assert all("《整治形式主义为基层减负若干规定》" in fault for fault in refused.value.faults)
    burdened.refresh_from_db()
    assert (burdened.is_draft, BurdenException.objects.count()) == (True, 0)
    issued = issue_scheme(office_head, burdened.pk, version=1, reason=REASON, at=MOMENT)
    kept = kept_against_burden(issued)
    assert [(row.rule, row.is_forbidden, row.reason) for row in kept] == [
        ("leaders_notes", True, REASON), ("meetings_and_papers", False, REASON),
    ]  # fmt: skip
    assert (kept[0].origin_label, kept[0].form_id) == (str(issued), None)
    assert AuditEvent.objects.get(act="burden.except").detail["origin"] == f"schemes.version {issued.pk}"


def test_a_version_without_such_findings_needs_no_reason(officer: Actor, office_head: Actor) -> None:
    make_dictionary()
    assert kept_against_burden(make_issued(officer, office_head)) == []


def test_an_exception_is_of_a_form_or_of_another_paper_never_of_neither() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BurdenException.objects.create(rule="press", finding="x", reason=REASON, made_at=MOMENT)


def test_the_pages_ask_for_the_reason_and_show_it_in_the_register(
    signed_in: SignIn, officer: Actor, office_head: Actor, burdened: SchemeVersion
) -> None:
    head = signed_in(office_head)
    page, issue = (reverse(f"schemes:{name}", args=[burdened.pk]) for name in ("scheme", "issue"))
    assert 'name="reason"' in head.get(page).content.decode()
    refused = head.post(issue, {"version": "1"})
    assert (refused.status_code, "保留理由" in refused.content.decode()) == (422, True)
    assert head.post(issue, {"version": "1", "reason": REASON}).status_code == 303
    shown = head.get(page).content.decode()
    assert (REASON in shown, 'name="reason"' in shown) == (True, False)
    office = signed_in(officer)
    register = office.get(reverse("reporting:burden"), {"q": burdened.name}).content.decode()
    assert (REASON in register, page in register) == (True, True)
    assert office.get(reverse("reporting:burden_export"), {"q": "没有这个"}).status_code == 200
    assert office.get(reverse("reporting:burden_export")).status_code == 200
