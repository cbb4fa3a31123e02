"""Heat maps, interval charts and tile charts. Every cell prints its number, so shades are never read alone."""

import math

from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from changai.documents import layout
from changai.documents.characters import width_in_characters
from changai.documents.chart_pen import MARGIN_MM, MAX_HEIGHT_MM, MIN_TYPE_PT, TEXT_ROW_MM, TYPE_PT, Pen
from changai.documents.chart_spec import INK, chart_number, shade, shades, shortened

_ROW_MM = 6.0
_TILE_HEIGHT_MM = 15.0
_TILES_ACROSS = 6
_INTERVAL_BAR = "#A9C4DE"
_EMPTY = "#FFFFFF"
_LONGEST_HEAD = 12
_LONGEST_TILE = 20
_LEAST_SPAN = 2.0
_TURNED_AT_MM = 12.0  # narrower columns have their heads turned


class Heat(Pen):
    """A matrix categories x series; darker is more."""

    def draw(self) -> None:
        rows, columns = max(len(self.names), 1), max(len(self.spec.series), 1)
        pitch = min(_ROW_MM, MAX_HEIGHT_MM / rows)
        self.size_pt = max(MIN_TYPE_PT, min(TYPE_PT, 0.75 * pitch * layout.PT_PER_MM))
        left_mm = max(map(width_in_characters, self.names), default=1.0) * self.size_pt / layout.PT_PER_MM + 4
        wide_mm = (self.width_mm - left_mm - MARGIN_MM) / columns
        heads = [self.shown(shortened(series.name, _LONGEST_HEAD)) for series in self.spec.series]
        turned = wide_mm < _TURNED_AT_MM
        longest = max(map(width_in_characters, heads), default=1.0) * self.size_pt / layout.PT_PER_MM
        top_mm = longest + 4 if turned else TEXT_ROW_MM + 2
        self.height_mm = rows * pitch + top_mm + MARGIN_MM
        self.set_out(left_mm=left_mm, top_mm=top_mm, bottom_mm=MARGIN_MM, sides=(), right_mm=MARGIN_MM)
        for column, series in enumerate(self.spec.series):
            for row, value in enumerate(series.values):
                self._cell(row, column, value)
        self.axes.set_xlim(-0.5, columns - 0.5)
        self.axes.set_ylim(rows - 0.5, -0.5)
        self.axes.set_yticks(range(len(self.names)), self.names, fontproperties=self.type())
        self.axes.set_xticks(
            range(len(heads)), heads, fontproperties=self.type(), rotation=90 if turned else 0
        )
        self.axes.tick_params(top=False, labeltop=True, bottom=False, labelbottom=False)

    def _cell(self, row: int, column: int, value: float | None) -> None:
        depth = shade(value, self.spec)
        fill, ink = shades(depth)
        self.axes.add_patch(_box(column - 0.5, row - 0.5, 1.0, 1.0, fill, is_empty=value is None))
        size = max(MIN_TYPE_PT, self.size_pt - 1)
        words = chart_number(value, self.spec.decimals)
        self.axes.text(
            column, row, words, ha="center", va="center", color=ink, fontproperties=self.type(size)
        )


class Intervals(Pen):
    """A range and a mark for each category: the series are the low end, the mark and the high end."""

    def draw(self) -> None:
        rows = max(len(self.names), 1)
        pitch = min(_ROW_MM, MAX_HEIGHT_MM / rows)
        self.size_pt = max(MIN_TYPE_PT, min(TYPE_PT, 0.8 * pitch * layout.PT_PER_MM))
        left_mm = max(map(width_in_characters, self.names), default=1.0) * self.size_pt / layout.PT_PER_MM + 4
        self.height_mm = rows * pitch + MARGIN_MM + 9
        self.set_out(
            left_mm=left_mm, top_mm=MARGIN_MM, bottom_mm=9, sides=("bottom",), right_mm=self.value_room_mm
        )
        low, mark, high = (series.values for series in self.spec.series)
        for row, (least, middle, most) in enumerate(zip(low, mark, high, strict=True)):
            if least is not None and most is not None:
                self.axes.barh(
                    row, most - least, 0.42, left=least, color=_INTERVAL_BAR, edgecolor=INK, linewidth=0.5
                )
            if middle is not None:
                self.axes.plot(middle, row, marker="D", markersize=4.5, color=INK, zorder=4)
                self.write_value(middle, (max(middle, most or middle), row), xytext=(6, 0), va="center")
        self.axes.set_yticks(range(len(self.names)), self.names, fontproperties=self.type())
        self.axes.set_ylim(rows - 0.5, -0.5)
        self.axes.margins(x=0.03)
        least, most = self.axes.get_xlim()
        if most - least < _LEAST_SPAN:  # one place, or all alike
            self.axes.set_xlim(least - _LEAST_SPAN / 2, most + _LEAST_SPAN / 2)
        self.axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=self.spec.decimals == 0))
        self.write_levels(self.axes.xaxis)


class Tiles(Pen):
    """One tile a unit, in the order given: a map that says nothing of size or place."""

    def draw(self) -> None:
        count = len(self.names)
        across = max(1, min(_TILES_ACROSS, count))
        rows = max(1, math.ceil(count / across))
        self.height_mm = rows * _TILE_HEIGHT_MM + 2 * MARGIN_MM
        self.set_out(left_mm=MARGIN_MM, top_mm=MARGIN_MM, bottom_mm=MARGIN_MM, sides=(), right_mm=MARGIN_MM)
        wide_mm = (self.width_mm - 2 * MARGIN_MM) / across
        for place, whole in enumerate(self.spec.categories):
            name = self.shown(shortened(whole, _LONGEST_TILE))
            self._tile(place % across, place // across, name, self.spec.series[0].values[place], wide_mm)
        self.axes.set_xlim(0, across)
        self.axes.set_ylim(rows, 0)
        self.axes.set_xticks([])
        self.axes.set_yticks([])

    def _tile(self, column: int, row: int, name: str, value: float | None, wide_mm: float) -> None:
        fill, ink = shades(shade(value, self.spec))
        self.axes.add_patch(_box(column + 0.03, row + 0.06, 0.94, 0.88, fill, is_empty=value is None))
        name = _on_two_lines(name, wide_mm * 0.88 * layout.PT_PER_MM / TYPE_PT)
        longest = max(map(width_in_characters, name.split("\n")))
        fits = wide_mm * 0.88 * layout.PT_PER_MM / max(longest, 1.0)
        size = max(MIN_TYPE_PT, min(TYPE_PT, fits))
        middle = column + 0.5
        self.axes.text(
            middle, row + 0.34, name, ha="center", va="center", color=ink, fontproperties=self.type(size)
        )
        words = chart_number(value, self.spec.decimals)
        self.axes.text(
            middle, row + 0.68, words, ha="center", va="center", color=ink, fontproperties=self.type()
        )


def _on_two_lines(name: str, most: float) -> str:
    """Return a name broken in its middle when it is wider than `most` characters."""
    if width_in_characters(name) <= most:
        return name
    half = (len(name) + 1) // 2
    return f"{name[:half]}\n{name[half:]}"


def _box(left: float, top: float, width: float, height: float, fill: str, *, is_empty: bool) -> Rectangle:
    return Rectangle(
        (left, top),
        width,
        height,
        facecolor=_EMPTY if is_empty else fill,
        edgecolor="#8A8A8A",
        linewidth=0.6,
        hatch="//" if is_empty else None,
    )
