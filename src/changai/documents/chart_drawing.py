"""Draws charts for paper, readable in black and white.

Touches no global state of the plotting library but one setting, made once on import.
"""

import io
import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
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
# Behind a value, so that the reference line does not run through its digits.
_CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
_TYPE_PT = 9.0
_MIN_TYPE_PT = 5.0
_BAR_PITCH_MM = 6.4
_GROUPED_BAR_MM = 4.8
_MAX_HEIGHT_MM = 200.0
_LINES_HEIGHT_MM = 72.0
_MARGIN_MM = 3.0
_VALUE_ROOM_MM = 14.0
_TEXT_ROW_MM = 6.0
_MAX_NAME_CHARACTERS = 18
_MAX_VALUES_WRITTEN = 12


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn chart."""

    drawing: Drawing
    width_mm: float
    height_mm: float

    def png(self, dpi: int = 200) -> bytes:
        """Return it as PNG; equal charts give equal bytes."""
        written = io.BytesIO()
        canvas = FigureCanvasAgg(self.drawing)
        canvas.print_figure(written, dpi=dpi, format="png", metadata={"Software": None})
        return written.getvalue()

    def svg(self) -> str:
        """Return it as SVG with the letters as outlines; equal charts give equal text."""
        written = io.StringIO()
        FigureCanvasSVG(self.drawing).print_figure(written, format="svg", metadata={"Date": None})
        return written.getvalue()


def draw(
    spec: ChartSpec, width_mm: float = layout.CHART_WIDTH_MM, *, font_paths: tuple[Path, ...] = ()
) -> Picture:
    """Return the chart drawn for paper, without its title.

    :raises FontsMissing: when no Chinese font is installed.
    """
    pen = {"bars": _Bars, "lines": _Lines}[spec.kind](spec, width_mm, font_paths)
    pen.draw()
    return Picture(pen.drawing, pen.width_mm, pen.height_mm)


class _Pen(ABC):
    """What both kinds of charts are drawn with."""

    def __init__(self, spec: ChartSpec, width_mm: float, font_paths: tuple[Path, ...]) -> None:
        self.spec = spec
        self.width_mm = width_mm
        self.height_mm = _LINES_HEIGHT_MM
        self.size_pt = _TYPE_PT
        self._font_paths = font_paths
        self._face = fonts.face(fonts.Role.CHART, font_paths=font_paths)
        self.names = [self.shown(name)[:_MAX_NAME_CHARACTERS] for name in spec.categories]
        self.drawing = Drawing(facecolor="white")
        self.axes: Axes = self.drawing.add_subplot()

    @abstractmethod
    def draw(self) -> None:
        """Draw the chart and settle its height."""

    def type(self, size_pt: float | None = None) -> FontProperties:
        path = FontPath(str(self._face.path), self._face.index)
        return FontProperties(fname=path, size=size_pt or self.size_pt)

    def shown(self, text: str) -> str:
        """Return the text as it can be drawn; a dollar sign would begin a formula."""
        return fonts.without_gaps(single_line(text), self._font_paths).replace("$", r"\$")

    def set_out(self, *, left_mm: float, top_mm: float, bottom_mm: float, sides: tuple[str, ...]) -> None:
        """Give the drawing its size and margins and leave only the named sides of its frame."""
        width, height = self.width_mm, self.height_mm
        self.drawing.set_size_inches(width / 25.4, height / 25.4)
        self.drawing.subplots_adjust(
            left=left_mm / width,
            right=1 - _VALUE_ROOM_MM / width,
            top=1 - top_mm / height,
            bottom=bottom_mm / height,
        )
        self.axes.tick_params(length=0, colors=_INK)
        for side, spine in self.axes.spines.items():
            spine.set_visible(side in sides)
            spine.set_color(_INK)

    def write_value(self, value: float | None, place: tuple[float, float], **settings: Any) -> None:
        self.axes.annotate(
            chart_number(value, self.spec.decimals),
            place,
            textcoords="offset points",
            fontproperties=self.type(),
            color=_INK,
            zorder=4,
            **settings,
        )

    def write_reference(self, place: tuple[float, float], **settings: Any) -> None:
        if self.spec.reference is None:
            return
        level = chart_number(self.spec.reference.value, self.spec.decimals)
        self.axes.annotate(
            self.shown(f"{self.spec.reference.label} {level}"),
            place,
            textcoords="offset points",
            xytext=(0, 3),
            va="bottom",
            color=_REFERENCE,
            fontproperties=self.type(),
            annotation_clip=False,
            **settings,
        )

    def add_legend(self, lift: float) -> None:
        """Add the legend `lift` axes' heights above the chart."""
        if len(self.spec.series) > 1:
            self.axes.legend(
                loc="lower left",
                bbox_to_anchor=(0, 1 + lift),
                ncols=len(self.spec.series),
                frameon=False,
                prop=self.type(_TYPE_PT),
                borderaxespad=0.3,
                labelcolor=_INK,
                handlelength=2.6,
            )


_REFERENCE_LOOK: dict[str, Any] = {
    "color": _REFERENCE,
    "linestyle": (0, (4, 2)),
    "linewidth": 1.1,
    "zorder": 3,
}


class _Bars(_Pen):
    def draw(self) -> None:
        count, sets = max(len(self.names), 1), max(len(self.spec.series), 1)
        pitch = _BAR_PITCH_MM if sets == 1 else _GROUPED_BAR_MM * sets + 2
        pitch = min(pitch, _MAX_HEIGHT_MM / count)
        self.size_pt = max(_MIN_TYPE_PT, min(_TYPE_PT, 0.8 * pitch / sets * layout.PT_PER_MM))
        above_mm = _TEXT_ROW_MM if self.spec.reference else 0.0
        top_mm = 2.0 + above_mm + (_TEXT_ROW_MM if sets > 1 else 0.0)
        self.height_mm = count * pitch + top_mm + _MARGIN_MM
        longest = max(map(width_in_characters, self.names), default=1.0)
        left_mm = longest * self.size_pt / layout.PT_PER_MM + 4
        self.set_out(left_mm=left_mm, top_mm=top_mm, bottom_mm=_MARGIN_MM, sides=("left",))
        for number, series in enumerate(self.spec.series):
            self._draw_set(series, number, 0.72 / sets)
        self.axes.set_yticks(range(len(self.names)), self.names, fontproperties=self.type())
        self.axes.set_ylim(count - 0.5, -0.5)
        self.axes.set_xticks([])
        if self.spec.reference:
            self.axes.axvline(self.spec.reference.value, **_REFERENCE_LOOK)
            place = (self.spec.reference.value, 1.0)
            self.write_reference(place, xycoords=self.axes.get_xaxis_transform(), ha="center")
        self.add_legend(above_mm / (count * pitch))

    def _draw_set(self, series: Series, number: int, thickness: float) -> None:
        shift = (number - (len(self.spec.series) - 1) / 2) * thickness
        places = [place + shift for place in range(len(self.names))]
        fill, hatch = _BAR_LOOKS[number % len(_BAR_LOOKS)]
        self.axes.barh(
            places,
            [value or 0 for value in series.values],
            thickness * 0.94,
            label=self.shown(series.name),
            color=fill,
            hatch=hatch,
            edgecolor=_INK,
            linewidth=0.5,
        )
        for place, value in zip(places, series.values, strict=True):
            self.write_value(value, (max(value or 0, 0), place), xytext=(3, 0), va="center", bbox=_CLEAR)


class _Lines(_Pen):
    def draw(self) -> None:
        self.set_out(left_mm=14, top_mm=9, bottom_mm=9, sides=("left", "bottom"))
        self.axes.grid(axis="y", color=_GRID, linewidth=0.5)
        self.axes.set_axisbelow(True)
        for number, series in enumerate(self.spec.series):
            self._draw_series(series, number)
        self._mark_axes()
        if self.spec.reference:
            self.axes.axhline(self.spec.reference.value, **_REFERENCE_LOOK)
            place = (0.01, self.spec.reference.value)
            self.write_reference(place, xycoords=self.axes.get_yaxis_transform(), ha="left")
        self.add_legend(0.0)

    def _mark_axes(self) -> None:
        room_mm = (self.width_mm - 28) / max(len(self.names), 1)
        longest_mm = max(map(width_in_characters, self.names), default=1.0) * _TYPE_PT / layout.PT_PER_MM
        step = max(1, math.ceil(longest_mm * 1.1 / room_mm))
        places = range(0, len(self.names), step)
        self.axes.set_xticks(places, [self.names[place] for place in places], fontproperties=self.type())
        self.axes.set_xlim(-0.3, max(len(self.names) - 0.7, 0.3))
        values = [value for series in self.spec.series for value in series.values if value is not None]
        if all(value >= 0 for value in values):
            self.axes.set_ylim(bottom=0)
        for label in self.axes.get_yticklabels():
            label.set_fontproperties(self.type())

    def _draw_series(self, series: Series, number: int) -> None:
        colour, stroke, marker = _LINE_LOOKS[number % len(_LINE_LOOKS)]
        self.axes.plot(
            range(len(series.values)),
            [math.nan if value is None else value for value in series.values],
            color=colour,
            linestyle=stroke,
            marker=marker,
            markersize=4,
            linewidth=1.6,
            label=self.shown(series.name),
        )
        points = [(place, value) for place, value in enumerate(series.values) if value is not None]
        few = len(self.spec.series) == 1 and len(points) <= _MAX_VALUES_WRITTEN
        for place, value in points if few else points[-1:]:
            others = [other.values[place] for other in self.spec.series]
            highest = all(other is None or value >= other for other in others)
            self.write_value(value, (place, value), xytext=(0, 5 if highest else -12), ha="center")
