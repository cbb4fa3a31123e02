"""What charts for paper are drawn with: type, colours, margins. Readable in black and white.

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
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Drawing
from matplotlib.font_manager import FontPath, FontProperties

from changai.documents import fonts, layout
from changai.documents.characters import printed, single_line, width_in_characters
from changai.documents.chart_spec import INK, ChartSpec, chart_number, level_words, shortened

# Without a fixed salt the SVG's identifiers, and so its bytes, differ from one drawing to the next.
mpl.rcParams["svg.hashsalt"] = "changai"

REFERENCE = "#B00020"
# Behind a value, so that the reference line does not run through its digits.
CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
TYPE_PT = 9.0
MIN_TYPE_PT = 5.0
MAX_HEIGHT_MM = 200.0
MARGIN_MM = 3.0
TEXT_ROW_MM = 6.0
_DEFAULT_HEIGHT_MM = 72.0
_VALUE_ROOM_MM = 14.0
_MAX_NAME_CHARACTERS = 18


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


class Pen(ABC):
    """A sheet to draw one chart on."""

    def __init__(self, spec: ChartSpec, width_mm: float, font_paths: tuple[Path, ...]) -> None:
        self.spec = spec
        self.width_mm = width_mm
        self.height_mm = _DEFAULT_HEIGHT_MM
        self.size_pt = TYPE_PT
        self._font_paths = font_paths
        self._face = fonts.face(fonts.Role.CHART, font_paths=font_paths)
        self.names = [self.shown(shortened(name, _MAX_NAME_CHARACTERS)) for name in spec.categories]
        self.drawing = Drawing(facecolor="white")
        self.axes: Axes = self.drawing.add_subplot()

    @abstractmethod
    def draw(self) -> None:
        """Draw the chart and settle its height."""

    def type(self, size_pt: float | None = None) -> FontProperties:
        """Return the chart's face in a size, by default the chart's own."""
        path = FontPath(str(self._face.path), self._face.index)
        return FontProperties(fname=path, size=size_pt or self.size_pt)

    def shown(self, text: str) -> str:
        """Return the text as it can be drawn; a dollar sign would begin a formula."""
        return fonts.without_gaps(printed(single_line(text)), self._font_paths).replace("$", r"\$")

    def set_out(
        self,
        *,
        left_mm: float,
        top_mm: float,
        bottom_mm: float,
        sides: tuple[str, ...],
        right_mm: float = _VALUE_ROOM_MM,
    ) -> None:
        """Give the drawing its size and margins and leave only the named sides of its frame."""
        width, height = self.width_mm, self.height_mm
        self.drawing.set_size_inches(width / 25.4, height / 25.4)
        self.drawing.subplots_adjust(
            left=left_mm / width,
            right=1 - right_mm / width,
            top=1 - top_mm / height,
            bottom=bottom_mm / height,
        )
        self.axes.tick_params(length=0, colors=INK)
        for side, spine in self.axes.spines.items():
            spine.set_visible(side in sides)
            spine.set_color(INK)

    @property
    def value_room_mm(self) -> float:
        """Return the room a value needs beside its place: that of the widest."""
        values = [value for series in self.spec.series for value in series.values]
        widest = max(
            (width_in_characters(chart_number(each, self.spec.decimals)) for each in values), default=1.0
        )
        return max(_VALUE_ROOM_MM, widest * 1.1 * self.size_pt / layout.PT_PER_MM + 3)

    def say_nothing_is_there(self) -> None:
        """Write that there are no figures, instead of axes around nothing."""
        self.axes.set_axis_off()
        middle: dict[str, Any] = {"ha": "center", "va": "center", "transform": self.axes.transAxes}
        self.axes.text(0.5, 0.5, "没有数据", color=INK, fontproperties=self.type(TYPE_PT), **middle)

    def write_levels(self, axis: Axis) -> None:
        """Write the levels of an axis in the chart's face, in 万 and 亿 where they are long."""
        axis.set_major_formatter(lambda value, _place: level_words(value))
        for label in axis.get_ticklabels():
            label.set_fontproperties(self.type())

    def write_value(self, value: float | None, place: tuple[float, float], **settings: Any) -> None:
        """Write a value beside its place."""
        self.axes.annotate(
            chart_number(value, self.spec.decimals),
            place,
            textcoords="offset points",
            fontproperties=self.type(),
            color=INK,
            zorder=4,
            **settings,
        )

    def write_reference(self, place: tuple[float, float], **settings: Any) -> None:
        """Write the words of the reference line, where the chart has one."""
        if self.spec.reference is None:
            return
        level = chart_number(self.spec.reference.value, self.spec.decimals)
        self.axes.annotate(
            self.shown(f"{self.spec.reference.label} {level}"),
            place,
            textcoords="offset points",
            xytext=(0, 3),
            va="bottom",
            color=REFERENCE,
            fontproperties=self.type(),
            annotation_clip=False,
            **settings,
        )

    @property
    def legend_columns(self) -> int:
        """Return how many names of series fit beside one another above the chart."""
        longest = max((width_in_characters(series.name) for series in self.spec.series), default=1.0)
        wide_mm = (longest + 4.5) * TYPE_PT / layout.PT_PER_MM
        return max(1, min(len(self.spec.series), int(self.width_mm * 0.6 / wide_mm)))

    @property
    def legend_mm(self) -> float:
        """Return the height the legend takes above the chart."""
        count = len(self.spec.series)
        return TEXT_ROW_MM * math.ceil(count / self.legend_columns) if count > 1 else 0.0

    def add_legend(self, lift: float) -> None:
        """Add the legend `lift` axes' heights above the chart."""
        if len(self.spec.series) > 1:
            self.axes.legend(
                loc="lower left",
                bbox_to_anchor=(0, 1 + lift),
                ncols=self.legend_columns,
                frameon=False,
                prop=self.type(TYPE_PT),
                borderaxespad=0.3,
                labelcolor=INK,
                handlelength=2.6,
            )


REFERENCE_LOOK: dict[str, Any] = {
    "color": REFERENCE,
    "linestyle": (0, (4, 2)),
    "linewidth": 1.1,
    "zorder": 3,
}
