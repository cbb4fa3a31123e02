"""Charts from one definition: drawn for paper (readable in black and white) and as an option for the screen.

The drawing stands in `chart_drawing`, imported only when something is drawn: the plotting library is
heavy, and pages that show charts on the screen do not need it.
"""

from pathlib import Path
from typing import Any

from changai.documents import layout
from changai.documents.characters import single_line
from changai.documents.chart_spec import ChartSpec, Reference, Series, chart_number
from changai.documents.paper import Figure, Parts, Table, TableColumn

__all__ = [
    "ChartSpec",
    "Reference",
    "Series",
    "alt_text",
    "caption",
    "data_table",
    "to_echarts",
    "to_png",
    "to_svg",
]

_REFERENCE_COLOUR = "#B00020"
_LINE_COLOURS = ("#1F4E79", "#C55A11", "#3B7D23", "#5B3A8E")
_SYMBOLS = ("circle", "rect", "triangle", "diamond")


def to_png(
    spec: ChartSpec,
    width_mm: float = layout.CHART_WIDTH_MM,
    dpi: int = 200,
    *,
    font_paths: tuple[Path, ...] = (),
) -> bytes:
    """Return the chart as PNG, without its title (the caption carries it).

    :raises FontsMissing: when no Chinese font is installed.
    """
    from changai.documents.chart_drawing import draw

    return draw(spec, width_mm, font_paths=font_paths).png(dpi)


def to_svg(
    spec: ChartSpec, width_mm: float = layout.CHART_WIDTH_MM, *, font_paths: tuple[Path, ...] = ()
) -> str:
    """Return the chart as SVG, without its title.

    :raises FontsMissing: when no Chinese font is installed.
    """
    from changai.documents.chart_drawing import draw

    return draw(spec, width_mm, font_paths=font_paths).svg()


def caption(spec: ChartSpec) -> str:
    """Return the caption: title and unit."""
    return single_line(spec.title) + (f"（单位：{single_line(spec.unit)}）" if spec.unit else "")


def alt_text(spec: ChartSpec) -> str:
    """Return what the chart shows, in words, for those who cannot see it."""
    kind = {"bars": "条形图", "lines": "折线图"}[spec.kind]
    sentences = [f"{kind}：{caption(spec)}，共{len(spec.categories)}项。"]
    sentences += [_series_sentence(spec, series) for series in spec.series]
    if spec.reference:
        level = chart_number(spec.reference.value, spec.decimals)
        sentences.append(f"参照线为{single_line(spec.reference.label)}{level}。")
    return "".join(sentences)


def _series_sentence(spec: ChartSpec, series: Series) -> str:
    points = [
        (value, name) for name, value in zip(spec.categories, series.values, strict=True) if value is not None
    ]
    lead = f"{single_line(series.name)}：" if series.name else ""
    if not points:
        return f"{lead}没有数据。"

    def told(point: tuple[float, str]) -> str:
        return f"{single_line(point[1])}{chart_number(point[0], spec.decimals)}"

    if spec.kind == "lines":
        return (
            f"{lead}{told(points[0])}，{told(points[-1])}。"
            if len(points) > 1
            else f"{lead}{told(points[0])}。"
        )
    highest = max(points, key=lambda point: point[0])
    lowest = min(points, key=lambda point: point[0])
    return f"{lead}最高为{told(highest)}，最低为{told(lowest)}。"


def data_table(spec: ChartSpec) -> Table:
    """Return the chart's values as a table, each value a figure when the chart knows where it comes from."""
    columns = (TableColumn("项目", 2.0), *(TableColumn(s.name or spec.title, 1.0) for s in spec.series))
    rows = tuple(
        ((category,), *(_cell(spec, series, place) for series in spec.series))
        for place, category in enumerate(spec.categories)
    )
    return Table(caption(spec), columns, rows)


def _cell(spec: ChartSpec, series: Series, place: int) -> Parts:
    text = chart_number(series.values[place], spec.decimals)
    return (Figure(series.keys[place], text),) if series.keys else (text,)


# -- screen -----------------------------------------------------------------------------------------------


def to_echarts(spec: ChartSpec) -> dict[str, Any]:
    """Return the chart as an ECharts option: plain JSON values, no functions, patterns beside colours."""
    names = [single_line(name) for name in spec.categories]
    categories: dict[str, Any] = {"type": "category", "data": names, "axisTick": {"show": False}}
    amounts: dict[str, Any] = {"type": "value", "name": spec.unit}
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
    values = [None if value is None else float(chart_number(value, spec.decimals)) for value in series.values]
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
