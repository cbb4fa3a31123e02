"""Views of the gallery."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.utils import timezone

from changai.core.errors import Invalid
from changai.foundation.pages import press, public_page, see_other
from changai.foundation.ui.listing import Listing
from changai.foundation.ui.parts import LIGHTS, ChartTable, Crumb, Node, Tab, Tile

HERE = Path(__file__).parent
SAVED: dict[str, str] = {}
ORDERS: list[str] = []
PLANNED: list[HttpResponse] = []


class SampleForm(forms.Form):
    title = forms.CharField(label="标题", max_length=20, help_text="不超过 20 字")
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), ("a", "年度要点"), ("b", "实施方案")])
    due_on = forms.DateField(label="时限", widget=forms.DateInput(attrs={"type": "date"}))
    words = forms.CharField(label="说明", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    level = forms.ChoiceField(label="层级", choices=[("1", "市级"), ("2", "县级")], widget=forms.RadioSelect)
    is_public = forms.BooleanField(label="公开", required=False)


class SampleFilters(forms.Form):
    q = forms.CharField(label="关键字", required=False)
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *LIGHTS.items()], required=False)


def rendered(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    text = (HERE / name).read_text(encoding="utf-8")
    return HttpResponse(engines["django"].from_string(text).render(context, request), status=status)


def rows() -> list[dict[str, Any]]:
    states = list(LIGHTS)
    return [
        {
            "unit": f"示范市第{n}区" if n % 3 else "示范市装备制造集团有限公司工会",
            "task": "推动规模以上企业普遍开展产业工人技能提升行动，年内培训不少于三千人次",
            "done": n * 7 % 100,
            "amount": Decimal("1234.5") * n,
            "due_on": date(2026, 11, 1 + n % 28),
            "state": states[n % 7],
        }
        for n in range(1, 76)
    ]


@public_page
def show_gallery(request: HttpRequest) -> HttpResponse:
    listing = Listing(
        request.GET,
        rows(),
        size=20,
        default="due",
        sorts={"due": "due_on", "unit": "unit", "done": "done"},
        filters={
            "state": lambda all_rows, text: [row for row in all_rows if row["state"] == text],
            "q": lambda all_rows, text: [row for row in all_rows if text in row["unit"]],
        },
    )
    areas = [f"第{n}区" for n in range(1, 9)]
    done = [Decimal(f"{55 + n * 5}.5") for n in range(8)]
    plan = [Decimal(80)] * 8
    now = timezone.now()
    sample = SampleForm(request.POST or None)
    context = {
        "breadcrumbs": [Crumb("任务", "/gallery/"), Crumb("组件一览")],
        "tiles": [
            Tile("待我办理", 12, "#", note="其中今天到期 2 项", state="near"),
            Tile("本周到期", 5, "#", state="waiting"),
            Tile("退回给我", 1, "#", note="需在 3 日内重报", state="returned"),
            Tile("已逾期", 3, "#", state="overdue"),
            Tile("任务完成率", "85.3", "#", unit="%", note="序时进度 83.3%", state="on_track"),
        ],
        "tabs": [Tab("待审核", "?tab=1", 12, is_current=True), Tab("已接收", "?tab=2", 30), Tab("全部", "?")],
        "nodes": [
            Node("交办", now, "市产改办", state="done"),
            Node("提交", now, "张三", "本月培训 320 人次。", state="done"),
            Node("退回", now, "李四", "与台账不符，请核对后重报。", state="returned"),
            Node("办结", None, state="none"),
        ],
        "lights": list(LIGHTS),
        "listing": listing,
        "filters": SampleFilters(request.GET),
        "sample": sample,
        "option": {
            "legend": {},
            "xAxis": {"type": "category", "data": areas},
            "yAxis": {"type": "value", "axisLabel": {"formatter": "{value}%"}},
            "series": [
                {"type": "bar", "name": "完成率", "data": [float(value) for value in done]},
                {"type": "line", "name": "序时进度", "data": [float(value) for value in plan]},
            ],
        },
        "table": ChartTable(["县区", "完成率", "序时进度"], list(zip(areas, done, plan, strict=True))),
        "exact": Decimal("1234567.5"),
    }
    return rendered(request, "gallery.html", context, status=422 if sample.errors else 200)


@public_page
def show_grid(request: HttpRequest) -> HttpResponse:
    lines = [
        {"row": n, "done": SAVED.get(f"{n}:done", str(n * 10)), "words": SAVED.get(f"{n}:words", ""),
         "state": SAVED.get(f"{n}:state", "")}
        for n in range(1, 9)
    ]  # fmt: skip
    return rendered(request, "grid.html", {"lines": lines, "version": SAVED.get("version", "1")})


@public_page
def save_grid(request: HttpRequest) -> HttpResponse:
    """Keep the cells; `12x` is refused. What a test planned is answered first."""
    if PLANNED:
        return PLANNED.pop(0)
    if request.content_type != "application/json":
        SAVED.update({name: text for name, text in request.POST.items() if ":" in name})
        return see_other("/gallery/grid/")
    order = json.loads(request.body)
    saved, refused = [], []
    for cell in order["cells"]:
        if cell["value"] == "12x":
            refused.append({"ref": cell["ref"], "sentence": "“12x”不是数字，请填写数字。"})
        else:
            SAVED[cell["ref"]] = cell["value"]
            saved.append({"ref": cell["ref"], "state": "saved", "sentence": ""})
    SAVED["version"] = str(order["version"] + 1)
    return JsonResponse({"version": order["version"] + 1, "saved": saved, "refused": refused})


@public_page
def take_file(request: HttpRequest) -> HttpResponse:
    uploaded = request.FILES["file"]
    if uploaded.name.endswith(".exe"):
        raise Invalid("不支持这种文件。", faults=(f"{uploaded.name}：应为 .docx 或 .txt",))
    messages.success(request, f"已上传 {uploaded.name}")
    return see_other("/gallery/")


@public_page
def take_order(request: HttpRequest) -> HttpResponse:
    def note(actor: Any, reason: str, *, at: Any, once: str) -> None:
        ORDERS.append(f"{once}:{reason}")

    return press(
        request, note, request.POST.get("reason", ""), done="已退回，对方将收到消息。", then="/gallery/"
    )
