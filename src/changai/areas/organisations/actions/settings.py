"""The liaison officer of a unit, and how the city calls its bodies."""

from datetime import date, datetime

from django.utils import timezone

from changai.areas.organisations import policies, queries
from changai.areas.organisations.actions._history import open_unit
from changai.areas.organisations.models import City, Liaison
from changai.areas.organisations.rules.units import CITY_NAMES, cleaned
from changai.core.errors import Invalid
from changai.foundation.actions import action
from changai.foundation.actors import Actor
from changai.foundation.audit.writer import record
from changai.foundation.versions import require_version


@action("unit.liaison")
def name_liaison(actor: Actor, unit_id: int, *, name: str, telephone: str, on: date, at: datetime) -> Liaison:
    """Enter a unit's liaison officer from a day on; the one before ends that day.

    :raises Invalid: without a name, or when the day cannot be
    """
    policies.require(actor, "unit.edit")
    unit, name, telephone = open_unit(unit_id), cleaned(name), cleaned(telephone)
    if not 1 <= len(name) <= 40 or len(telephone) > 30:
        raise Invalid("请填写联络员姓名（40 字以内）和办公电话（30 字以内）。")
    if on > timezone.localdate(at):
        raise Invalid("起始日期不能晚于今天。")
    current = unit.liaisons.filter(valid_to__isnull=True).first()
    if current is not None and on < current.valid_from:
        raise Invalid(f"现任联络员自 {current.valid_from:%Y-%m-%d} 起，新联络员的起始日期不能早于该日。")
    unit.liaisons.filter(valid_to__isnull=True).update(valid_to=on)
    liaison = Liaison.objects.create(unit=unit, name=name, telephone=telephone, valid_from=on)
    record(actor, "unit.liaison", unit, at=at, on=str(on))
    return liaison


@action("city.save")
def save_city(
    actor: Actor,
    *,
    version: int,
    city_name: str,
    body_name: str,
    office_name: str,
    office_short_name: str,
    at: datetime,
) -> City:
    """Say how the city and its bodies are called, on every page and in every paper from now on.

    :raises RecordMoved: when somebody else changed it meanwhile
    :raises Invalid: when a name is missing or too long
    """
    policies.require(actor, "setting.edit")
    city = queries.city()
    require_version(city, version)
    names = {
        "city_name": city_name, "body_name": body_name, "office_name": office_name,
        "office_short_name": office_short_name,
    }  # fmt: skip
    for field, written in names.items():
        if not 1 <= len(cleaned(written)) <= CITY_NAMES[field]:
            raise Invalid(f"城市和机构名称都应填写，且不超过 {CITY_NAMES[field]} 个字：“{written}”。")
        setattr(city, field, cleaned(written))
    city.version += 1
    city.save()
    record(actor, "city.save", city, at=at)
    return city
