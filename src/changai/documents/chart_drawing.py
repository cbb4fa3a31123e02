"""Draws charts for paper, readable in black and white.

Touches no global state of the plotting library but one setting, made once on import.
"""

import io
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Drawing
from matplotlib.font_manager import FontPath, FontProperties

from changai.documents import fonts, layout
from changai.documents.characters import single_line, width_in_characters
from changai.documents.chart_spec import ChartSpec, Series, chart_number

# Without a fixed salt the SVG's identifiers, and so its bytes, differ from one drawing to the next.
mpl.rcParams["svg.hashsalt"] = "changai"

_INK = "#222222"
_GRID = "#C8C8C8"
_REFERENCE = "#B00020"
# Fill and hatch differ, so that series stay apart in a black-and-white copy.
_BAR_LOOKS = (("#1F4E79", ""), ("#A9C4DE", "///"), ("#FFFFFF", "..."), ("#6B6B6B", "xx"))
_LINE_LOOKS = (("#1F4E79", "-", "o"), ("#C55A11", "--", "s"), ("#3B7D23", "-.", "^"), ("#5B3A8E", ":", "D"))
_TYPE_PT = 9.0
# Behind a value, so that the reference line does not run through its digits.
_CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
_BAR_PITCH_MM = 6.4
_MAX_HEIGHT_MM = 200.0
_LINES_HEIGHT_MM = 72.0
_MM = 1 / 25.4


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn chart."""

    drawing: Drawing
    width_mm: float
    height_mm: float

    def png(self, dpi: int = 200) -> bytes:
        """Return it as PNG; equal charts give equal bytes."""
        written = io.BytesIO()
        FigureCanvasAgg(self.drawing).print_figure(
            written, dpi=dpi, format="png", metadata={"Software": None}
        )
        return written.getvalue()

    def svg(self) -> str:
        """Return it as SVG with the letters as outlines; equal charts give equal text."""
        written = io.StringIO()
        FigureCanvasSVG(self.drawing).print_figure(written, format="svg", metadata={"Date": None})
        return written.getvalue()


def draw(spec: ChartSpec, width_mm: float = layout.CHART_WIDTH_MM) -> Picture:
    """Return the chart drawn for paper.

    :raises FontsMissing: when no Chinese font is installed.
    """
    return {"bars": _draw_bars, "lines": _draw_lines}[spec.kind](spec, width_mm)


def _type(size: float = _TYPE_PT) -> FontProperties:
    face = fonts.face(fonts.Role.CHART)
    return FontProperties(fname=FontPath(str(face.path), face.index), size=size)


def _shown(text: str) -> str:
    # A dollar sign would begin a formula.
    return fonts.without_gaps(single_line(text)).replace("$", r"\$")


def _sheet(width_mm: float, height_mm: float) -> tuple[Drawing, Axes]:
    drawing = Drawing(figsize=(width_mm * _MM, height_mm * _MM), facecolor="white")
    axes = drawing.add_subplot()
    axes.tick_params(length=0, colors=_INK)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(side == "left")
        axes.spines[side].set_color(_INK)
    return drawing, axes


def _place(
    drawing: Drawing, size_mm: tuple[float, float], left_mm: float, top_mm: float, bottom_mm: float
) -> None:
    width, height = size_mm
    drawing.subplots_adjust(
        left=left_mm / width, right=1 - 14 / width, top=1 - top_mm / height, bottom=bottom_mm / height
    )


def _draw_bars(spec: ChartSpec, width_mm: float) -> Picture:
    count, sets = max(len(spec.categories), 1), max(len(spec.series), 1)
    pitch = min(_BAR_PITCH_MM if sets == 1 else 4.8 * sets + 2.0, _MAX_HEIGHT_MM / count)
    size = max(5.0, min(_TYPE_PT, 0.8 * pitch / sets * layout.PT_PER_MM))
    top = 2.0 + (7.0 if spec.reference or sets > 1 else 0.0)
    height_mm = count * pitch + top + 3
    drawing, axes = _sheet(width_mm, height_mm)
    names = [_short(_shown(name)) for name in spec.categories]
    left = min(width_mm * 0.45, max(map(width_in_characters, names), default=1) * size / 72 / _MM + 4)
    _place(drawing, (width_mm, height_mm), left, top, 3)
    thickness = 0.72 / sets
    for number, series in enumerate(spec.series):
        places = [place + (number - (sets - 1) / 2) * thickness for place in range(len(names))]
        fill, hatch = _BAR_LOOKS[number % len(_BAR_LOOKS)]
        axes.barh(
            places,
            [value or 0 for value in series.values],
            thickness * 0.94,
            label=_shown(series.name),
            color=fill,
            hatch=hatch,
            edgecolor=_INK,
            linewidth=0.5,
        )
        for place, value in zip(places, series.values, strict=True):
            axes.annotate(
                chart_number(value, spec.decimals),
                (max(value or 0, 0), place),
                xytext=(3, 0),
                va="center",
                textcoords="offset points",
                fontproperties=_type(size),
                color=_INK,
                zorder=4,
                bbox=_CLEAR,
            )
    axes.set_yticks(range(len(names)), names, fontproperties=_type(size))
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_xticks([])
    _reference_line(axes, spec, size)
    _legend(axes, spec)
    return Picture(drawing, width_mm, height_mm)


def _short(name: str) -> str:
    return name if len(name) <= 18 else f"{name[:17]}…"


def _reference_line(axes: Axes, spec: ChartSpec, size: float) -> None:
    if spec.reference is None:
        return
    words = _shown(f"{spec.reference.label} {chart_number(spec.reference.value, spec.decimals)}")
    look: dict[str, Any] = {"color": _REFERENCE, "linestyle": (0, (4, 2)), "linewidth": 1.1, "zorder": 3}
    if spec.kind == "bars":
        axes.axvline(spec.reference.value, **look)
        place, offset, vertical = (spec.reference.value, 1.0), (0, 3), "bottom"
        horizontal, coordinates = "center", axes.get_xaxis_transform()
    else:
        axes.axhline(spec.reference.value, **look)
        place, offset, vertical = (1.0, spec.reference.value), (3, 0), "center"
        horizontal, coordinates = "left", axes.get_yaxis_transform()
    axes.annotate(
        words,
        place,
        xycoords=coordinates,
        xytext=offset,
        textcoords="offset points",
        ha=horizontal,
        va=vertical,
        color=_REFERENCE,
        fontproperties=_type(size),
        annotation_clip=False,
    )


def _legend(axes: Axes, spec: ChartSpec) -> None:
    if len(spec.series) > 1:
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1.0),
            ncols=len(spec.series),
            frameon=False,
            prop=_type(),
            borderaxespad=0.3,
            labelcolor=_INK,
            handlelength=2.6,
        )


def _draw_lines(spec: ChartSpec, width_mm: float) -> Picture:
    height_mm = _LINES_HEIGHT_MM
    drawing, axes = _sheet(width_mm, height_mm)
    _place(drawing, (width_mm, height_mm), 14, 9, 9)
    axes.spines["bottom"].set_visible(True)
    axes.grid(axis="y", color=_GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    for number, series in enumerate(spec.series):
        _draw_line(axes, spec, series, number)
    axes.set_xticks(
        range(len(spec.categories)),
        [_short(_shown(name)) for name in spec.categories],
        fontproperties=_type(),
    )
    axes.set_xlim(-0.3, max(len(spec.categories) - 0.7, 0.3))
    if all(value >= 0 for series in spec.series for value in series.values if value is not None):
        axes.set_ylim(bottom=0)
    for label in axes.get_yticklabels():
        label.set_fontproperties(_type())
    _reference_line(axes, spec, _TYPE_PT)
    _legend(axes, spec)
    return Picture(drawing, width_mm, height_mm)


def _draw_line(axes: Axes, spec: ChartSpec, series: Series, number: int) -> None:
    colour, stroke, marker = _LINE_LOOKS[number % len(_LINE_LOOKS)]
    values = [float("nan") if value is None else value for value in series.values]
    axes.plot(
        range(len(values)),
        values,
        color=colour,
        linestyle=stroke,
        marker=marker,
        markersize=4,
        linewidth=1.6,
        label=_shown(series.name),
    )
    points = [(place, value) for place, value in enumerate(series.values) if value is not None]
    for place, value in points if len(spec.series) == 1 else points[-1:]:
        axes.annotate(
            chart_number(value, spec.decimals),
            (place, value),
            xytext=(0, 5 if number % 2 == 0 else -11),
            textcoords="offset points",
            ha="center",
            fontproperties=_type(8.0),
            color=_INK,
        )
