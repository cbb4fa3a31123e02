"""What a view hands to the shared fragments: plain values, each named after its fragment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

LIGHTS: dict[str, Promise] = {
    "done": _("已完成"),
    "on_track": _("正常推进"),
    "near": _("临近到期"),
    "overdue": _("已逾期"),
    "none": _("未到期"),
    "returned": _("已退回"),
    "waiting": _("待审核"),
}


@dataclass(frozen=True)
class Tile:
    """A figure of `ui/_figures.html`; `link` opens the rows behind it, `state` is a light's or empty."""

    label: Text
    value: str | int
    link: str = ""
    unit: Text = ""
    note: Text = ""
    state: str = ""


@dataclass(frozen=True)
class Tab:
    """A tab of `ui/_tabs.html`; `count` None shows no count."""

    label: Text
    link: str
    count: int | None = None
    is_current: bool = False


@dataclass(frozen=True)
class Node:
    """A node of `ui/_timeline.html`: what happened (or is to come: `at` None), when, by whom, how."""

    label: Text
    at: date | datetime | None = None
    by: str = ""
    sentence: Text = ""
    state: str = "none"


@dataclass(frozen=True)
class Crumb:
    """A place above the page, for `breadcrumbs` in the context of `ui/base.html`."""

    label: Text
    link: str = ""


@dataclass(frozen=True)
class ChartTable:
    """The figures of a chart as rows: what the toggle 数据表 shows and what is printed."""

    heads: Sequence[Text]
    rows: Sequence[Sequence[Any]] = field(default_factory=tuple)
