"""Reads of versions: which an actor may see, what they say, what a draft lacks before it can be issued."""

from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Min, QuerySet

from changai.areas.facts.models import Field
from changai.areas.reporting.models import BurdenException
from changai.areas.reporting.queries import exceptions_of
from changai.areas.schemes.models import SchemeVersion
from changai.areas.schemes.policies import sees_drafts
from changai.areas.schemes.queries.consulting import open_decisions
from changai.areas.schemes.rules import readings, reviewed_fields, storage_faults
from changai.core import burden, scoring
from changai.core.errors import NotVisible
from changai.core.periods import Month
from changai.foundation.actors import Actor
from changai.foundation.matrix import allows

# What the register of exceptions calls a version.
ORIGIN = "schemes.version"


def visible_to(actor: Actor) -> QuerySet[SchemeVersion]:
    """Return the versions the actor may see, newest first."""
    if not allows(actor, "scheme.view"):
        return SchemeVersion.objects.none()
    versions = SchemeVersion.objects.order_by("-year", "-pk")
    return versions if sees_drafts(actor) else versions.exclude(status=SchemeVersion.Status.DRAFT)


def version_for(actor: Actor, version_id: int) -> SchemeVersion:
    """Return one version.

    :raises NotVisible: when there is none for this actor
    """
    found = visible_to(actor).filter(pk=version_id).first()
    if found is None:
        raise NotVisible
    return found


def labels_of(name: str, year: int) -> set[str]:
    """Return the version labels taken under a name and year."""
    return set(SchemeVersion.objects.filter(name=name, year=year).values_list("version_label", flat=True))


def issued_before(version: SchemeVersion) -> SchemeVersion | None:
    """Return the issued version that takes a draft's place today, None when there is none."""
    if version.status != SchemeVersion.Status.DRAFT:
        return None
    return SchemeVersion.objects.filter(
        name=version.name, year=version.year, status=SchemeVersion.Status.ISSUED
    ).first()


def issued_tables(actor: Actor) -> list[tuple[SchemeVersion, str, str]]:
    """Return every table of the versions that are or were in force: the version, the category, and both in words."""
    found = []
    for version in visible_to(actor).exclude(status=SchemeVersion.Status.DRAFT):
        last = last_day_of(version)
        if last and version.effective_from and last < version.effective_from:
            continue  # another took its place from the first day on
        until = f"，有效期至{_day(last)}" if last else ""
        found += [
            (version, table["category"], f"{table['category']}（{version.year}年 {version}{until}）")
            for table in version.content["tables"]
        ]
    return found


def last_day_of(version: SchemeVersion) -> date | None:
    """Return the last day an issued version is in force, None while it has no end.

    One that was superseded ends the day before the earliest later version of its name and year begins.
    """
    ends = [version.effective_to]
    if version.status == SchemeVersion.Status.SUPERSEDED:
        later = SchemeVersion.objects.filter(
            name=version.name, year=version.year, issue_number__gt=version.issue_number or 0
        )
        first = later.aggregate(first=Min("effective_from"))["first"]
        ends.append(first - timedelta(days=1) if first else None)
    return min((end for end in ends if end), default=None)


def force_hindrance(version: SchemeVersion, month: Month) -> str:
    """Return why people cannot be assessed by an issued version up to the month `month`, or nothing.

    What counts is whether it was in force on some day of that month: a system issued during a year serves the year.
    """
    first, last = version.effective_from, last_day_of(version)
    if first and month.last_on < first:
        return f"指标体系“{version}”自 {_day(first)}起施行，不能用于{month.label}及以前的考核，请选用当时有效的版本。"
    if last and month.first_on > last:
        return f"指标体系“{version}”的有效期到 {_day(last)}为止，不能用于{month.label}的考核，请选用当时有效的版本。"
    return ""


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def scheme_of(version: SchemeVersion) -> scoring.Scheme:
    """Return the scoring core's scheme of a version."""
    return scoring.Scheme.from_json(version.content)


def unknown_fields(scheme: scoring.Scheme) -> list[str]:
    """Return the fields the scheme reads that the dictionary does not hold and no reviewer gives."""
    wanted = {name for table in scheme.tables.values() for name in table.fields()}
    judged = {name for table in scheme.tables.values() for name in reviewed_fields(table)}
    known = set(Field.objects.filter(code__in=wanted).values_list("code", flat=True))
    return sorted(wanted - known - judged)


def labelled(scheme: scoring.Scheme) -> scoring.Scheme:
    """Return the scheme with a name and unit for each figure it reads, and for no other."""
    used = dict.fromkeys(code for table in scheme.tables.values() for code in table.fields())
    judged = {code for table in scheme.tables.values() for code in reviewed_fields(table)}
    labels = {code: scoring.Field(code, "人工核定得分", "分") for code in judged}
    labels |= {field.name: field for field in scheme.fields}
    rows = Field.objects.filter(code__in=used).values_list("code", "name", "unit_of_measure")
    labels |= {code: scoring.Field(code, name, unit) for code, name, unit in rows}
    # A figure that nobody knows stands under its code here; who reads `unknown_fields` tells it better than the core.
    return replace(scheme, fields=tuple(labels.get(code, scoring.Field(code, code)) for code in used))


def issue_faults(version: SchemeVersion) -> list[str]:
    """Return one sentence for everything that stands between a draft and its issue."""
    scheme = scheme_of(version)
    faults = [
        f"“{category}”指标 {code}（{told['place']}）的计分句式尚未经人确认。"
        for category, codes in version.waiting.items()
        for code, told in codes.items()
    ]
    waiting = {code for codes in version.waiting.values() for code in codes}
    faults += [
        finding.message()
        for finding in scoring.errors_of(scheme.validate())
        if finding.node_code not in waiting
    ]
    faults += storage_faults(scheme)
    faults += [
        f"“{code}”不在数据项目录中，请先登记，或改用已有的数据项。"
        for code in unknown_fields(scheme)
        if not _waits(scheme, code, waiting)
    ]
    return faults + open_decisions(version.pk)


def burdens_of(version: SchemeVersion) -> list[tuple[str, str, bool]]:
    """Return what the rules of burden speak against: rule, sentence with its source, whether it is forbidden."""
    return [
        (found.rule.key, found.as_finding().message(), found.rule.weight is burden.Weight.BLOCK)
        for found in burden.scheme_review(scheme_of(version))
    ]


def kept_against_burden(version: SchemeVersion) -> list[BurdenException]:
    """Return what an issued version keeps although the rules of burden speak against it, each with the reason."""
    return exceptions_of(ORIGIN, version.pk)


def _waits(scheme: scoring.Scheme, field: str, waiting: set[str]) -> bool:
    """Return whether only sentences that wait to be confirmed read the field."""
    readers = {
        part.code for table in scheme.tables.values() for part, fields in readings(table) if field in fields
    }
    return bool(readers) and readers <= waiting
