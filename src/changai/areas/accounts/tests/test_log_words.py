from django.urls import get_resolver
from django.utils.module_loading import autodiscover_modules

from changai.foundation.actions import ACTIONS
from changai.foundation.audit.words import act_name


def test_every_act_has_a_name_for_the_pages_of_the_log() -> None:
    assert get_resolver().url_patterns  # imports every view, and with it every action
    autodiscover_modules("jobs")
    nobodys = ("demonstration.", "test.")  # other tests make actions of their own
    nameless = [kind for kind in ACTIONS if act_name(kind) == kind and not kind.startswith(nobodys)]
    assert nameless == []


def test_an_act_without_a_name_is_shown_by_its_code() -> None:
    assert act_name("unit.paint") == "unit.paint"
    assert act_name("unit.rename") == "单位：改名"
