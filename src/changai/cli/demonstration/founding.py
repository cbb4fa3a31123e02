"""Sets the city up: units with last year's merger, accounts, the dictionary, the forms."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

from changai.areas.accounts.models import Person
from changai.areas.accounts.queries import actor_of
from changai.areas.facts.actions import FieldEntry, add_breakdown, add_field
from changai.areas.facts.models import Field
from changai.areas.organisations.actions import NewUnit, add_unit, merge_units, name_liaison, save_city
from changai.areas.organisations.models import Level, Unit
from changai.areas.reporting.actions import (
    FormEntry,
    NarrativeEntry,
    RuleEntry,
    create_form,
    edit_check,
    install_default_checks,
    issue_form,
    switch_on_check,
    try_check,
)
from changai.areas.reporting.models import CheckRule, Form
from changai.cli.demonstration import city, dictionary
from changai.cli.demonstration.people import open_accounts
from changai.core.checks import EVERY, Jump, Severity
from changai.foundation.actors import MACHINE, Actor, Role

LATE_DAY, LOCKS_DAY = 10, 11


@dataclass
class Town:
    """The demonstration at work: its units by code, its people as actors, its fields and forms."""

    units: dict[str, Unit] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)

    @property
    def office(self) -> Actor:
        return self.actors["office"]

    @property
    def head(self) -> Actor:
        return self.actors["office-head"]

    def liaison(self, code: str) -> Actor:
        """Return the liaison of the unit with this code."""
        return self.actors[f"{code.lower()}-liaison"]

    def unit_head(self, code: str) -> Actor:
        """Return the head of the unit with this code."""
        return self.actors[f"{code.lower()}-head"]

    def named(self, name: str) -> Unit:
        """Return the unit of this name."""
        return next(unit for unit in self.units.values() if unit.name == name)

    def of_level(self, level: str) -> list[Unit]:
        """Return the open units of a level in their order."""
        return [unit for unit in self.units.values() if unit.level == level and unit.is_open]


def found(*, at: datetime) -> Town:
    """Return the city, set up as it was at a moment: units, people, dictionary, issued forms."""
    town = Town()
    _found_units(town, at)
    open_accounts(MACHINE, list(town.units.values()), at=at)
    people = Person.objects.select_related("unit").exclude(role="")
    town.actors = {person.login: actor for person in people if (actor := actor_of(person))}
    for unit in town.units.values():
        if unit.is_open and unit.level != Level.CITY:
            name_liaison(
                town.office, unit.pk, name=f"{unit.short_name}联络员", telephone="", on=at.date(), at=at
            )
    _found_dictionary(town, at)
    _found_forms(town, at)
    _found_checks(town, at)
    return town


def _found_units(town: Town, at: datetime) -> None:
    for seed in city.units():
        parent = town.units.get(seed.parent_code)
        new = NewUnit(seed.code, seed.name, seed.short_name, seed.level)
        town.units[seed.code] = add_unit(
            MACHINE, new, parent_id=parent.pk if parent else None, on=city.FOUNDED_ON, at=at
        )
    save_city(
        MACHINE,
        version=1,
        city_name="示范市",
        body_name="产业工人队伍建设改革协调小组",
        office_name="示范市产业工人队伍建设改革协调小组办公室",
        office_short_name="市产改办",
        at=at,
    )
    _merge_counties(town, at)


def _merge_counties(town: Town, at: datetime) -> None:
    on = date(at.year - 1, 7, 1)
    code = city.merged_code()
    place = town.units["C91"].position
    new = NewUnit(code, city.MERGED_INTO, city.MERGED_INTO, "county", position=place)
    merged = add_unit(MACHINE, new, parent_id=town.units["S00"].pk, on=on, at=at)
    sources = [town.units[f"C9{number}"].pk for number in range(1, len(city.MERGED_COUNTIES) + 1)]
    merge_units(MACHINE, sources, target_id=merged.pk, on=on, reason="行政区划调整，两县合并设区", at=at)
    town.units[code] = merged
    for source in [code for code in town.units if code.startswith("C9")]:
        town.units[source].refresh_from_db()


def _found_dictionary(town: Town, at: datetime) -> None:
    breakdowns = {
        name: add_breakdown(town.office, name, items, at=at) for name, items in dictionary.BREAKDOWNS.items()
    }
    for seed in dictionary.FIELDS:
        entry = FieldEntry(
            name=seed.name,
            unit_of_measure=seed.unit_of_measure,
            decimals=0,
            definition=seed.definition,
            source=seed.source,
            source_key=seed.source_key,
            gathering=seed.gathering,
            minimum=Decimal(0),
            # Figures of the years before the city took the programme up are brought in later.
            valid_from=date(at.year - 2, 1, 1),
            breakdown_id=breakdowns[seed.breakdown].pk if seed.breakdown else None,
        )
        town.fields[seed.code] = add_field(town.office, seed.code, entry, at=at)


def _found_forms(town: Town, at: datetime) -> None:
    basis = "三年实施方案“组织保障”部分：按月调度重点任务"
    asked = FormEntry(
        "成员单位产改工作月报", [str(Level.MEMBER)], (), basis=basis, late_day=LATE_DAY, locks_day=LOCKS_DAY
    )
    _issue(
        town,
        replace(
            asked,
            field_ids=_ids(town, dictionary.MEMBER_FORM),
            narratives=[
                NarrativeEntry(
                    "可推广的做法", "没有可不填；写清做法和实效，不写过程", 0, 300, is_required=False
                )
            ],
        ),
        town.office.unit_id,
        at=at,
    )
    _issue(
        town,
        replace(
            asked,
            name="县区、企业产改工作月报",
            levels=[str(level) for level in (Level.COUNTY, Level.ENTERPRISE, Level.SUB)],
            field_ids=_ids(town, dictionary.LOCAL_FORM),
            part_ids=_ids(town, ("union_members",)),
            narratives=[
                NarrativeEntry(
                    "需要市级协调的事项",
                    "一事一句，写明建议由哪个部门协调；没有可不填",
                    0,
                    300,
                    is_required=False,
                )
            ],
        ),
        town.office.unit_id,
        at=at,
    )


def found_evaluation_form(town: Town, *, at: datetime) -> Form:
    """Return a form another department asks of the enterprises, issued with the reason for asking more than before."""
    entry = FormEntry(
        "企业技能等级自主评价月报",
        [str(Level.ENTERPRISE)],
        _ids(town, dictionary.EVALUATION_FORM),
        narratives=[NarrativeEntry("评价工作中的困难", "没有可不填", 0, 200, is_required=False)],
        asks_tasks=False,
        basis="工作要点“支持企业自主评价”",
        late_day=LATE_DAY,
        locks_day=LOCKS_DAY,
    )
    return _issue(town, entry, town.named("市人力资源和社会保障局").pk, at=at)


def _issue(town: Town, entry: FormEntry, asked_by_id: int | None, *, at: datetime) -> Form:
    form = create_form(town.office, replace(entry, asked_by_id=asked_by_id), at=at)
    reason = "重点任务按月调度需要，现有名册和台账取不到这些数据，年底评估后再定是否保留"
    form = issue_form(town.head, form.pk, reason=reason, at=at)
    town.forms.append(form)
    return form


def _ids(town: Town, codes: Sequence[str]) -> list[int]:
    return [town.fields[code].pk for code in codes]


def _found_checks(town: Town, at: datetime) -> None:
    """Install the default rules, try each on what history there is, and switch it on."""
    for rule in install_default_checks(town.office, at=at):
        try_check(town.office, rule.pk, version=1, at=at)
        switch_on_check(town.office, rule.pk, version=2, at=at)


def propose_check(town: Town, *, at: datetime) -> None:
    """Leave a stricter wording of the rule on jumps as a draft, tried on the months played."""
    rule = CheckRule.objects.get(seed="jump")
    entry = RuleEntry(
        "变动较大", Jump(EVERY, Decimal("1.5"), Decimal(20)), Severity.NOTE, "统计工作通行做法",
        passes={"last": "60", "value": "90"}, fails={"last": "60", "value": "91"},
    )  # fmt: skip
    edit_check(town.office, rule.pk, entry, version=rule.version, at=at)
    try_check(town.office, rule.pk, version=rule.version + 1, at=at)


SIGN_INS: tuple[tuple[Role, str], ...] = (
    (Role.OFFICE_OFFICER, "office"),
    (Role.OFFICE_HEAD, "office-head"),
    (Role.UNIT_LIAISON, "c01-liaison"),
    (Role.UNIT_HEAD, "c01-head"),
    (Role.COUNTY_REVIEWER, "c01-review"),
    (Role.INSPECTOR, "inspector"),
    (Role.LEADER, "leader"),
    (Role.SYSTEM_ADMINISTRATOR, "system"),
    (Role.SECURITY_ADMINISTRATOR, "security"),
    (Role.AUDIT_ADMINISTRATOR, "audit"),
)


def moment(day: date, hour: int = 9) -> datetime:
    """Return an hour of a day in the city's time."""
    return datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())
