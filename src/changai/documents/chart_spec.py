"""The content of a chart, apart from how it is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from changai.documents.characters import printed

ChartKind = Literal["bars", "lines", "heat", "intervals", "tiles"]

INK = "#222222"
_WHITE_FROM = 0.72  # the depth at which white reads better than black


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one set of bars: a value for each category, None where there is none.

    `keys`, when given, leads each value to where it comes from, as `Figure.key` does.
    """

    name: str
    values: tuple[float | None, ...]
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A level drawn across a chart for comparison, such as the scheduled progress."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A chart as data, drawn by `changai.documents.charts` for paper and for the screen.

    `bars` are horizontal, in the order given (rank before you draw); `lines` run over periods. `heat` is a matrix of
    categories and series; `intervals` have three series, the low end, the mark and the high end; `tiles` one series, a
    tile for each category.
    """

    kind: ChartKind
    title: str
    unit: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    reference: Reference | None = None
    decimals: int = 1

    def __post_init__(self) -> None:
        """:raises ValueError: when a series has not one value (and key, if any) for each category."""
        for series in self.series:
            if len(series.values) != len(self.categories):
                raise ValueError(f"series {series.name!r} has not one value for each category")
            if series.keys and len(series.keys) != len(series.values):
                raise ValueError(f"series {series.name!r} has not one key for each value")
        wanted = {"intervals": 3, "tiles": 1}.get(self.kind)
        if wanted is not None and len(self.series) != wanted:
            raise ValueError(f"{self.kind} take {wanted} series, not {len(self.series)}")


def shade(value: float | None, spec: ChartSpec) -> float:
    """Return how dark a value stands among all of its chart, 0 for the lowest (and for none) to 1 for the highest."""
    values = [each for series in spec.series for each in series.values if each is not None]
    if value is None or not values or max(values) == min(values):
        return 0.0
    return (value - min(values)) / (max(values) - min(values))


def shades(depth: float) -> tuple[str, str]:
    """Return fill and ink for a depth within 0 to 1, one hue from white to dark blue."""
    ends = ((0xFF, 0xFF, 0xFF), (0x1F, 0x4E, 0x79))
    mixed = (round(light + (dark - light) * depth) for light, dark in zip(*ends, strict=True))
    return "#" + "".join(f"{part:02X}" for part in mixed), "#FFFFFF" if depth > _WHITE_FROM else INK


def chart_number(value: float | None, decimals: int) -> str:
    """Return the value as printed, rounded half-up to `decimals`, with a minus (−); an em dash for none."""
    if value is None:
        return "—"
    rounded = _rounded(value, decimals)
    return printed(f"{rounded or abs(rounded):f}")


def drawn_number(value: float | None, decimals: int) -> float | None:
    """Return the value as far as it is printed."""
    return None if value is None else float(_rounded(value, decimals))


def _rounded(value: float, decimals: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def level_words(value: float) -> str:
    """Return a level of an axis in few characters: 6000亿, 12万, −2000."""
    for scale, word in ((1e8, "亿"), (1e4, "万")):
        if abs(value) >= 10 * scale or (abs(value) >= scale and value % (scale / 10) == 0):
            return printed(f"{value / scale:g}{word}")
    return printed(f"{value:g}")


def shortened(name: str, most: int) -> str:
    """Return a name of at most `most` characters: of a longer one the ends, for they tell it from others."""
    if len(name) <= most:
        return name
    tail = most // 3
    return f"{name[: most - tail - 1]}…{name[-tail:]}"


def chart_to_dict(spec: ChartSpec) -> dict[str, Any]:
    """Return the chart as plain JSON values."""
    return {
        "kind": spec.kind,
        "title": spec.title,
        "unit": spec.unit,
        "categories": list(spec.categories),
        "series": [{"name": s.name, "values": list(s.values), "keys": list(s.keys)} for s in spec.series],
        "reference": spec.reference and {"label": spec.reference.label, "value": spec.reference.value},
        "decimals": spec.decimals,
    }


def chart_from_dict(values: Mapping[str, Any]) -> ChartSpec:
    """Return the chart `chart_to_dict` was taken of."""
    return ChartSpec(
        kind=values["kind"],
        title=values["title"],
        unit=values["unit"],
        categories=tuple(values["categories"]),
        series=tuple(Series(s["name"], tuple(s["values"]), tuple(s["keys"])) for s in values["series"]),
        reference=Reference(**values["reference"]) if values["reference"] else None,
        decimals=values["decimals"],
    )
