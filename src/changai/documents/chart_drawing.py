"""Draws charts for paper: bars, lines, and through `chart_grids` heat maps, intervals and tiles."""

import math
from pathlib import Path

from changai.documents import layout
from changai.documents.characters import width_in_characters
from changai.documents.chart_grids import Heat, Intervals, Tiles
from changai.documents.chart_pen import (
    CLEAR,
    MARGIN_MM,
    MAX_HEIGHT_MM,
    MIN_TYPE_PT,
    REFERENCE_LOOK,
    TEXT_ROW_MM,
    TYPE_PT,
    Pen,
    Picture,
)
from changai.documents.chart_spec import INK, ChartSpec, Series

_GRID = "#C8C8C8"
# Fill and hatch differ, so that series stay apart in a black-and-white copy.
_BAR_LOOKS = (("#1F4E79", ""), ("#A9C4DE", "///"), ("#FFFFFF", "..."), ("#6B6B6B", "xx"))
_LINE_LOOKS = (("#1F4E79", "-", "o"), ("#C55A11", "--", "s"), ("#3B7D23", "-.", "^"), ("#5B3A8E", ":", "D"))
_BAR_PITCH_MM = 6.4
_GROUPED_BAR_MM = 4.8
_MAX_VALUES_WRITTEN = 12
_NARROW_ROOM_MM = 11.0  # values as wide as this never run into one another
_HEADROOM = 0.14  # above the highest point, for its value


def draw(
    spec: ChartSpec, width_mm: float = layout.CHART_WIDTH_MM, *, font_paths: tuple[Path, ...] = ()
) -> Picture:
    """Return the chart drawn for paper, without its title.

    :raises FontsMissing: when no Chinese font is installed.
    """
    pen = _PENS[spec.kind](spec, width_mm, font_paths)
    pen.draw()
    return Picture(pen.drawing, pen.width_mm, pen.height_mm)


class _Bars(Pen):
    def draw(self) -> None:
        count, sets = max(len(self.names), 1), max(len(self.spec.series), 1)
        pitch = _BAR_PITCH_MM if sets == 1 else _GROUPED_BAR_MM * sets + 2
        pitch = min(pitch, MAX_HEIGHT_MM / count)
        self.size_pt = max(MIN_TYPE_PT, min(TYPE_PT, 0.8 * pitch / sets * layout.PT_PER_MM))
        above_mm = TEXT_ROW_MM if self.spec.reference else 0.0
        top_mm = 2.0 + above_mm + self.legend_mm
        self.height_mm = count * pitch + top_mm + MARGIN_MM
        longest = max(map(width_in_characters, self.names), default=1.0)
        left_mm = longest * self.size_pt / layout.PT_PER_MM + 4
        room_mm = self.value_room_mm
        self.set_out(left_mm=left_mm, top_mm=top_mm, bottom_mm=MARGIN_MM, sides=("left",), right_mm=room_mm)
        if not self.names:
            self.say_nothing_is_there()
            return
        for number, series in enumerate(self.spec.series):
            self._draw_set(series, number, 0.72 / sets)
        self.axes.set_yticks(range(len(self.names)), self.names, fontproperties=self.type())
        self.axes.set_ylim(count - 0.5, -0.5)
        self.axes.set_xticks([])
        self._stand_on_zero()
        if self.spec.reference:
            self.axes.axvline(self.spec.reference.value, **REFERENCE_LOOK)
            place = (self.spec.reference.value, 1.0)
            self.write_reference(place, xycoords=self.axes.get_xaxis_transform(), ha="center")
        self.add_legend(above_mm / (count * pitch))

    def _stand_on_zero(self) -> None:
        """Let bars begin at the left side, or, when some are below zero, at a line of their own."""
        if any(value is not None and value < 0 for series in self.spec.series for value in series.values):
            self.axes.axvline(0, color=INK, linewidth=0.8)
            self.axes.spines["left"].set_visible(False)
        else:
            self.axes.set_xlim(left=0)

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
            edgecolor=INK,
            linewidth=0.5,
        )
        for place, value in zip(places, series.values, strict=True):
            self.write_value(value, (max(value or 0, 0), place), xytext=(3, 0), va="center", bbox=CLEAR)


class _Lines(Pen):
    def draw(self) -> None:
        self.set_out(left_mm=14, top_mm=max(9, 3 + self.legend_mm), bottom_mm=9, sides=("left", "bottom"))
        if all(value is None for series in self.spec.series for value in series.values):
            self.say_nothing_is_there()
            return
        self.axes.grid(axis="y", color=_GRID, linewidth=0.5)
        self.axes.set_axisbelow(True)
        for number, series in enumerate(self.spec.series):
            self._draw_series(series, number)
        self._mark_axes()
        if self.spec.reference:
            self.axes.axhline(self.spec.reference.value, **REFERENCE_LOOK)
            place = (0.01, self.spec.reference.value)
            self.write_reference(place, xycoords=self.axes.get_yaxis_transform(), ha="left")
        self.add_legend(0.0)

    def _mark_axes(self) -> None:
        room_mm = (self.width_mm - 28) / max(len(self.names), 1)
        longest_mm = max(map(width_in_characters, self.names), default=1.0) * TYPE_PT / layout.PT_PER_MM
        step = max(1, math.ceil(longest_mm * 1.1 / room_mm))
        places = range(0, len(self.names), step)
        self.axes.set_xticks(places, [self.names[place] for place in places], fontproperties=self.type())
        self.axes.set_xlim(-0.3, max(len(self.names) - 0.7, 0.3))
        values = [value for series in self.spec.series for value in series.values if value is not None]
        self.axes.margins(y=_HEADROOM)
        if all(value >= 0 for value in values):
            self.axes.set_ylim(0, max(values) * (1 + _HEADROOM) or 1)
        self.write_levels(self.axes.yaxis)

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
        room_mm = (self.width_mm - 28) / max(len(self.names), 1)
        few = len(self.spec.series) == 1 and len(points) <= _MAX_VALUES_WRITTEN
        few = few and self.value_room_mm - 3 <= max(room_mm, _NARROW_ROOM_MM)
        for place, value in points if few else points[-1:]:
            others = [other.values[place] for other in self.spec.series]
            highest = all(other is None or value >= other for other in others)
            self.write_value(value, (place, value), xytext=(0, 5 if highest else -12), ha="center")


_PENS: dict[str, type[Pen]] = {
    "bars": _Bars,
    "lines": _Lines,
    "heat": Heat,
    "intervals": Intervals,
    "tiles": Tiles,
}
