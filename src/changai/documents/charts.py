"""Charts from one definition: drawn for paper (readable in black and white) and as an option for the screen.

The drawing stands in `chart_drawing`, imported only when something is drawn: the plotting library is
heavy, and pages that show charts on the screen do not need it.
"""

from pathlib import Path

from changai.documents import layout
from changai.documents.chart_screen import to_echarts
from changai.documents.chart_spec import ChartSpec, Reference, Series, chart_number
from changai.documents.chart_words import alt_text, caption
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
