"""Charts on the screen: the same definition as an option of ECharts, plain JSON values without functions."""

import math
from typing import Any

from changai.documents.characters import single_line
from changai.documents.chart_spec import ChartSpec, Series, chart_number, drawn_number, shade, shades
from changai.documents.chart_words import alt_text

_REFERENCE_COLOUR = "#B00020"
_LINE_COLOURS = ("#1F4E79", "#C55A11", "#3B7D23", "#5B3A8E")
_SYMBOLS = ("circle", "rect", "triangle", "diamond")
_SHADES = ("#FFFFFF", "#1F4E79")
_TILES_ACROSS = 6
_TILE_PX = 92
# A border tells the lowest value from none: a cell without a value is not drawn.
_CELL = {"borderColor": "#8A8A8A", "borderWidth": 0.5}


def to_echarts(spec: ChartSpec) -> dict[str, Any]:
    """Return the chart as an ECharts option: plain JSON values, no functions, patterns beside colours."""
    special = {"heat": _heat, "intervals": _intervals, "tiles": _tiles}.get(spec.kind)
    return _framed(spec) | special(spec) if special else _axes_chart(spec)


def _framed(spec: ChartSpec) -> dict[str, Any]:
    return {
        "animation": False,
        "aria": {"enabled": True, "label": {"description": alt_text(spec)}},
        "grid": {"left": 8, "right": 48, "top": 40, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "item"},
    }


def _heat(spec: ChartSpec) -> dict[str, Any]:
    cells = [
        # A bare 83 beside 83.5 would read as less exact: the label is what is printed.
        {
            "value": [column, row, _number(value, spec)],
            "label": {"formatter": chart_number(value, spec.decimals)} | _ink(value, spec),
        }
        for column, series in enumerate(spec.series)
        for row, value in enumerate(series.values)
    ]
    heads = [single_line(series.name) for series in spec.series]
    names = [single_line(name) for name in spec.categories]
    return {
        "xAxis": {"type": "category", "data": heads, "position": "top", "axisTick": {"show": False}},
        "yAxis": {"type": "category", "data": names, "inverse": True, "axisTick": {"show": False}},
        "visualMap": _shading(spec),
        "series": [
            {"name": "", "type": "heatmap", "data": cells, "label": {"show": True}, "itemStyle": _CELL}
        ],
    }


def _tiles(spec: ChartSpec) -> dict[str, Any]:
    rows = max(1, math.ceil(len(spec.categories) / _TILES_ACROSS))
    cells = [
        {
            "name": f"{single_line(name)}\n{chart_number(value, spec.decimals)}",
            "value": [place % _TILES_ACROSS, place // _TILES_ACROSS, _number(value, spec)],
            "label": _ink(value, spec),
        }
        for place, (name, value) in enumerate(zip(spec.categories, spec.series[0].values, strict=True))
    ]
    hidden = {"type": "category", "show": False}
    return {
        "xAxis": hidden | {"data": list(range(_TILES_ACROSS))},
        "yAxis": hidden | {"data": list(range(rows)), "inverse": True},
        "visualMap": _shading(spec),
        "series": [
            {
                "name": single_line(spec.series[0].name),
                "type": "heatmap",
                "data": cells,
                "label": {"show": True, "formatter": "{b}", "width": _TILE_PX, "overflow": "break"},
                "itemStyle": _CELL,
            }
        ],
    }


def _intervals(spec: ChartSpec) -> dict[str, Any]:
    """Return the ranges as bars standing on invisible ones, and the marks as points above them."""
    low, mark, high = ([_number(value, spec) for value in series.values] for series in spec.series)
    spans = [
        None if least is None or most is None else round(most - least, spec.decimals)
        for least, most in zip(low, high, strict=True)
    ]
    names = [single_line(name) for name in spec.categories]
    bar: dict[str, Any] = {"type": "bar", "stack": "range", "barMaxWidth": 14}
    return {
        "xAxis": {"type": "value", "name": spec.unit, "scale": True},
        "yAxis": {"type": "category", "data": names, "inverse": True, "axisTick": {"show": False}},
        "series": [
            bar | {"name": "", "data": low, "itemStyle": {"opacity": 0}, "silent": True},
            bar
            | {"name": single_line(spec.series[2].name), "data": spans, "itemStyle": {"color": "#A9C4DE"}},
            {
                "name": single_line(spec.series[1].name),
                "type": "scatter",
                "symbol": "diamond",
                "symbolSize": 9,
                "itemStyle": {"color": "#222222"},
                "data": [{"value": [value, row]} for row, value in enumerate(mark)],
            },
        ],
    }


def _ink(value: float | None, spec: ChartSpec) -> dict[str, str]:
    return {"color": shades(shade(value, spec))[1]}


def _shading(spec: ChartSpec) -> dict[str, Any]:
    values = [value for series in spec.series for value in series.values if value is not None] or [0.0]
    return {"show": False, "min": min(values), "max": max(values), "inRange": {"color": list(_SHADES)}}


def _number(value: float | None, spec: ChartSpec) -> float | None:
    return drawn_number(value, spec.decimals)


def _axes_chart(spec: ChartSpec) -> dict[str, Any]:
    names = [single_line(name) for name in spec.categories]
    categories: dict[str, Any] = {"type": "category", "data": names, "axisTick": {"show": False}}
    amounts: dict[str, Any] = {"type": "value"}  # the caption says the unit
    flat = spec.kind == "bars"
    option: dict[str, Any] = {
        "animation": False,
        "aria": {
            "enabled": True,
            "label": {"description": alt_text(spec)},
            "decal": {"show": len(spec.series) > 1},
        },
        "color": list(_LINE_COLOURS),
        "grid": {
            "left": 8,
            "right": 48,
            "top": 40 if len(spec.series) > 1 or not flat else 24,
            "bottom": 8,
            "containLabel": True,
        },
        "tooltip": {"trigger": "axis"},
        "xAxis": amounts if flat else categories,
        "yAxis": {**categories, "inverse": True} if flat else amounts,
        "series": [_screen_series(spec, series, number) for number, series in enumerate(spec.series)],
    }
    if len(spec.series) > 1:
        option["legend"] = {"top": 4, "data": [single_line(series.name) for series in spec.series]}
    return option


def _screen_series(spec: ChartSpec, series: Series, number: int) -> dict[str, Any]:
    values = [drawn_number(value, spec.decimals) for value in series.values]
    made: dict[str, Any] = {"name": single_line(series.name), "data": values}
    if spec.kind == "bars":
        made |= {"type": "bar", "barMaxWidth": 18, "label": {"show": True, "position": "right"}}
    else:
        made |= {
            "type": "line",
            "symbol": _SYMBOLS[number % len(_SYMBOLS)],
            "symbolSize": 7,
            "connectNulls": False,
        }
    if number == 0 and spec.reference:
        axis = "xAxis" if spec.kind == "bars" else "yAxis"
        line = {axis: spec.reference.value, "name": single_line(spec.reference.label)}
        made["markLine"] = {
            "symbol": "none",
            "silent": True,
            "lineStyle": {"type": "dashed", "color": _REFERENCE_COLOUR},
            "label": {"formatter": "{b} {c}", "color": _REFERENCE_COLOUR},
            "data": [line],
        }
    return made
