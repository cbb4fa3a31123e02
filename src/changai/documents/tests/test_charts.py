import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changai.documents import charts
from changai.documents.chart_spec import chart_number, drawn_number, level_words, shade, shades, shortened
from changai.documents.paper import ChartSpec, Series, plain
from changai.documents.tests.make import HOSTILE, make_bars, make_lines

HEAT = ChartSpec(
    "heat",
    "各县各项得分率",
    "%",
    ("甲县", "乙县", "丙区"),
    (
        Series("培训", (86.4, None, 40.0)),
        Series("技能认定", (100.0, 71.2, 0.0)),
        Series("建会入会", (55.0, 60.0, 65.0)),
    ),
)
INTERVALS = ChartSpec(
    "intervals",
    "权重变动时的位次",
    "位",
    ("甲县", "乙县", "丙区"),
    (Series("最好", (1, 2, 2)), Series("位次", (1, 2, 3)), Series("最差", (2, 3, 3))),
    decimals=0,
)
TILES = ChartSpec(
    "tiles",
    "各县完成率",
    "%",
    tuple(f"第{number}县" for number in range(1, 15)),
    (Series("完成率", (None, *(96.4 - 5 * number for number in range(13)))),),
)
GRIDS = [HEAT, INTERVALS, TILES]
ALL = [make_bars(), make_bars(3, series=2), make_bars(34), make_bars(0), make_lines(), *GRIDS]


@pytest.mark.parametrize("spec", ALL)
def test_equal_charts_give_equal_bytes(spec: ChartSpec) -> None:
    assert charts.to_png(spec, dpi=60) == charts.to_png(spec, dpi=60)
    assert charts.to_svg(spec) == charts.to_svg(spec)


def test_png_has_the_asked_size() -> None:
    png = charts.to_png(make_lines(), width_mm=127, dpi=100)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20], "big") == 500


def test_hostile_names_are_drawn_without_a_missing_glyph() -> None:
    spec = replace(make_bars(2), title=HOSTILE, categories=(HOSTILE, "$x$"))
    ET.fromstring(charts.to_svg(spec))  # noqa: S314 - our own output
    assert charts.to_png(spec, dpi=60)


def test_words_for_those_who_cannot_see_it() -> None:
    words = charts.alt_text(make_bars())
    assert words == (
        "条形图：各县任务完成率（单位：%），共14项。完成率1：最高为第1县96.4，最低为第14县63.9。参照线为序时进度75.0。"
    )
    assert "实际完成率：1月5.1，5月41.5。" in charts.alt_text(make_lines())
    empty = ChartSpec("bars", "空", "", ("甲",), (Series("", (None,)),))
    assert charts.alt_text(empty) == "条形图：空，共1项。没有数据。"


def test_a_hyphen_before_a_number_is_a_minus_sign_wherever_a_chart_says_it() -> None:
    spec = ChartSpec("bars", "增速-2%以下的县", "%", ("-5至-2",), (Series("", (-3.0,)),))
    assert charts.caption(spec) == "增速−2%以下的县（单位：%）"
    assert charts.alt_text(spec).endswith("最高为−5至−2−3.0，最低为−5至−2−3.0。")
    written = replace(spec, categories=("−5至−2",))
    assert charts.to_svg(spec) == charts.to_svg(written)


def test_table_behind_the_chart_has_every_value() -> None:
    spec = make_lines()
    table = charts.data_table(spec)
    assert [plain(row[1]) for row in table.rows] == ["5.1", "11.9", "—", "30.2", "41.5"]
    assert charts.data_table(make_bars()).rows[0][1][0].key == "rate:1:第1县"  # type: ignore[union-attr]


@pytest.mark.parametrize("spec", ALL)
def test_screen_option_is_plain_data(spec: ChartSpec) -> None:
    option = charts.to_echarts(spec)
    assert json.loads(json.dumps(option, allow_nan=False)) == option
    if spec not in GRIDS:
        assert [series["name"] for series in option["series"]] == [series.name for series in spec.series]
    assert option["aria"]["label"]["description"] == charts.alt_text(spec)


def test_printed_values_round_half_up() -> None:
    spec = ChartSpec("bars", "表", "%", ("甲", "乙"), (Series("值", (0.25, 2.675)),), decimals=2)
    assert [plain(row[1]) for row in charts.data_table(spec).rows] == ["0.25", "2.68"]
    assert charts.to_echarts(replace(spec, decimals=1))["series"][0]["data"] == [0.3, 2.7]


def test_grids_print_every_value_and_say_it_in_words() -> None:
    assert charts.alt_text(INTERVALS) == (
        "区间图：权重变动时的位次（单位：位），共3项。甲县1（1至2）。乙县2（2至3）。丙区3（2至3）。"
    )
    assert "技能认定：最高为甲县100.0，最低为丙区0.0。" in charts.alt_text(HEAT)
    assert [plain(cell) for cell in charts.data_table(HEAT).rows[1]] == ["乙县", "—", "71.2", "60.0"]
    assert charts.to_echarts(HEAT)["series"][0]["data"][0] == {
        "value": [0, 0, 86.4],
        "label": {"formatter": "86.4", "color": "#FFFFFF"},
    }
    assert charts.to_echarts(TILES)["series"][0]["data"][13]["value"] == [1, 2, 36.4]
    ranges = charts.to_echarts(INTERVALS)["series"]
    assert (ranges[1]["data"], ranges[2]["data"][2]) == ([1.0, 1.0, 1.0], {"value": [3.0, 2]})


def test_shades_go_from_the_lowest_to_the_highest() -> None:
    assert (shade(0.0, HEAT), shade(100.0, HEAT), shade(None, HEAT)) == (0.0, 1.0, 0.0)
    assert shade(5.0, replace(TILES, series=(Series("", (5.0,) * 14),))) == 0.0


@pytest.mark.parametrize(("kind", "count"), [("intervals", 2), ("tiles", 3)])
def test_grids_with_too_few_or_too_many_series_are_refused(kind: str, count: int) -> None:
    with pytest.raises(ValueError, match="series"):
        replace(HEAT, kind=kind, series=HEAT.series[:count])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "printed", "level"),
    [
        (-3702, "−3702", "−3702"),
        (0.0, "0", "0"),
        (6e11, "600000000000", "6000亿"),
        (120_000, "120000", "12万"),
    ],
)
def test_numbers_have_a_minus_and_axes_few_characters(value: float, printed: str, level: str) -> None:
    assert chart_number(value, 0) == printed
    assert drawn_number(value, 0) == value
    assert level_words(value) == level


@given(st.text("甲乙丙丁", max_size=40), st.integers(6, 24))
def test_a_long_name_keeps_both_its_ends(name: str, most: int) -> None:
    short = shortened(name, most)
    assert len(short) <= most
    assert short == name or (short[0], short[-1], "…" in short) == (name[0], name[-1], True)


ODD_VALUES: tuple[tuple[float | None, ...], ...] = (
    (),
    (0.0, 0.0),
    (-5.0, 3.0),
    (None, 1.0),
    (None, None),
    (7e11, 1.0),
)


@pytest.mark.parametrize("values", ODD_VALUES)
@pytest.mark.parametrize("kind", ["bars", "lines", "heat", "tiles", "intervals"])
def test_charts_of_nothing_zeros_negatives_gaps_and_huge_values_are_drawn(
    kind: str, values: tuple[float | None, ...]
) -> None:
    long_names = ("示范市高新技术产业开发区先进制造业集聚区管理委员会", "乙县")[: len(values)]
    sets = 3 if kind == "intervals" else 1
    series = tuple(Series(f"第{place}组", values) for place in range(sets))
    odd = ChartSpec(kind, "一图", "个", long_names, series, decimals=0)  # type: ignore[arg-type]
    assert charts.to_png(odd, dpi=40).startswith(b"\x89PNG")
    assert charts.alt_text(odd)


def test_white_stands_on_dark_tiles_and_black_on_the_others() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for depth in range(101):
        light, dark = sorted(map(luminance, shades(depth / 100)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) > 3.6
