"""The tags as templates use them."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.http import QueryDict
from django.template import engines
from django.test import RequestFactory

from changai.foundation import ui
from changai.foundation.actors import Actor, Role
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import LIGHTS, ChartTable, Node, Tab, Tile

KIT = Path(ui.__file__).parent


def written(source: str, **context) -> str:
    request = context.pop("request", None) or RequestFactory().get("/")
    return engines["django"].from_string(source).render(context, request)


def test_once_is_new_for_every_form():
    first, second = re.findall(r'value="([0-9a-f-]{36})"', written("{% once %}{% once %}"))
    assert first != second


def test_icon_is_decoration_unless_it_has_words():
    assert 'aria-hidden="true"' in written('{% icon "bell" %}')
    assert '<span class="visually-hidden">消息</span>' in written('{% icon "bell" "消息" %}')


@pytest.mark.parametrize("state", LIGHTS)
def test_a_light_is_colour_shape_and_word(state):
    light = written("{% light state %}", state=state)
    assert f"light-{state}" in light
    assert f"#light-{state}" in light
    assert str(LIGHTS[state]) in light


def test_a_light_may_say_it_more_exactly():
    assert "逾期 2 天" in written('{% light "overdue" "逾期 2 天" %}')
    with pytest.raises(KeyError):
        written('{% light "purple" %}')


def test_every_icon_named_in_a_template_is_drawn():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (KIT / "static/ui/icons.svg").read_text()))
    named = set()
    for template in KIT.parents[1].rglob("templates/**/*.html"):
        named |= set(re.findall(r'{% icon "([^"]+)"', template.read_text(encoding="utf-8")))
    assert named
    assert named - {"light-"} <= drawn
    assert {f"light-{state}" for state in LIGHTS} <= drawn


def test_every_light_named_in_a_template_is_one():
    named = set()
    for template in KIT.parents[1].rglob("templates/**/*.html"):
        named |= set(re.findall(r'{% light "([^"]+)"', template.read_text(encoding="utf-8")))
    assert named
    assert named <= set(LIGHTS)


def test_numbers_in_templates():
    assert '1,234.50</span><span class="unit">万元' in written('{% number n 2 "万元" %}', n=Decimal("1234.5"))
    assert written('{% number n 2 "万元" %}', n=None) == '<span class="num">—</span>'
    assert (
        written("{{ n|number:1 }} {{ r|percent }} {{ p|points }}", n=2, r=Decimal("0.5"), p=375)
        == "2.0 50.0% 3.75"
    )
    assert 'value="1"' in written("{% meter 1 4 %}")
    assert "25.0%" in written("{% meter 1 4 %}")
    assert "—" in written("{% meter 0 0 %}")


def test_may_asks_the_matrix():
    request = RequestFactory().get("/")
    source = '{% if request|may:"plan.edit" %}yes{% else %}no{% endif %}'
    assert written(source, request=request) == "no"
    request.actor = Actor(1, "王晓明", Role.OFFICE_OFFICER, 1, "1.")
    assert written(source, request=request) == "yes"
    request.actor = Actor(2, "李文静", Role.UNIT_LIAISON, 2, "1.2.")
    assert written(source, request=request) == "no"


class PaperForm(forms.Form):
    title = forms.CharField(label="标题", help_text="不超过 20 字", max_length=20)
    level = forms.ChoiceField(label="层级", choices=[("1", "市级")], widget=forms.RadioSelect)
    is_public = forms.BooleanField(label="公开", required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_is_tied_to_its_help_and_faults():
    form = PaperForm({"title": "很" * 21})
    field = written("{% field form.title %}", form=form)
    assert 'for="id_title"' in field
    assert 'aria-describedby="id_title_help id_title_faults"' in field
    assert 'id="id_title_help"' in field
    assert 'id="id_title_faults"' in field
    assert 'aria-invalid="true"' in field
    assert "is-invalid" in field
    assert "required" in field


def test_kinds_of_fields_have_their_own_look():
    form = PaperForm()
    assert "form-check-input" in written("{% field form.is_public %}", form=form)
    assert "<fieldset" in written("{% field form.level %}", form=form)
    assert "aria-invalid" not in written("{% field form.title %}", form=form)


def test_a_form_has_its_hidden_fields_and_a_summary_that_leads_to_the_faults():
    form = PaperForm({})
    whole = written("{% fields form %}", form=form)
    assert 'type="hidden" name="key"' in whole
    assert '<a href="#id_title">标题</a>' in whole
    assert "fault-summary" not in written("{% fields form %}", form=PaperForm())


def test_pager_keeps_the_other_parameters():
    request = RequestFactory().get("/?state=done&page=2")
    listing = Listing(request.GET, list(range(90)), size=20)
    shown = written("{% pager listing %}", request=request, listing=listing)
    assert "共 90 条" in shown
    assert 'href="?state=done&amp;page=3"' in shown
    assert 'aria-current="page">2<' in shown
    assert 'href="?state=done&amp;size=50"' in shown


def test_sort_header_turns_round_and_starts_at_the_first_page():
    request = RequestFactory().get("/?sort=due&page=4&q=a")
    listing = Listing(request.GET, [], sorts={"due": "due_on"})
    shown = written('{% sort_header listing "due" "时限" %}', request=request, listing=listing)
    assert 'aria-sort="ascending"' in shown
    assert 'href="?sort=-due&amp;q=a"' in shown
    other = Listing(QueryDict(""), [], sorts={"due": "due_on"})
    assert "aria-sort" not in written('{% sort_header listing "due" "时限" %}', listing=other)


def test_chart_carries_its_option_its_table_and_its_words():
    chart = written(
        '{% chart "progress" option table "完成率" %}',
        option={"series": [{"name": "</script>"}]},
        table=ChartTable(["县区", "完成率"], [["第一区", Decimal("85.30")]]),
    )
    assert 'id="progress-option"' in chart
    assert '</script>"' not in chart
    assert 'aria-label="完成率"' in chart
    assert '<td class="num">85.30</td>' in chart


def test_fragments_show_what_they_are_given():
    tiles = [Tile("已退回", 3, "/reports/?state=returned", state="returned"), Tile("总数", 9)]
    assert '<a href="/reports/?state=returned">' in written('{% include "ui/_figures.html" %}', tiles=tiles)
    tabs = [Tab("待审核", "?a", 0, is_current=True), Tab("全部", "?b")]
    shown = written('{% include "ui/_tabs.html" %}', tabs=tabs)
    assert '<span class="count">0</span>' in shown
    assert shown.count("count") == 1
    nodes = [Node("提交", date(2026, 10, 31), "张三", state="done"), Node("办结")]
    timeline = written('{% include "ui/_timeline.html" %}', nodes=nodes)
    assert timeline.count("is-past") == 1
    assert "2026年10月31日" in timeline


def test_dialog_asks_for_a_reason_and_carries_its_own_key():
    dialog = written('{% include "ui/_confirm.html" %}', name="back", action="/x/", reason="退回原因")
    assert 'name="reason"' in dialog
    assert "required" in dialog
    assert 'name="once"' in dialog
    assert 'action="/x/"' in dialog


def test_nothing_inline_that_the_browser_would_refuse():
    for template in KIT.rglob("templates/**/*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\ssrc=)", text), template.name
        assert not re.search(r"(src|href)=\"https?:", text), template.name


def test_styles_stay_within_the_oldest_browser():
    for sheet in (KIT / "static/ui").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"color-mix|oklch|:has\(|@container|\bdvh\b|@layer", text), sheet.name
