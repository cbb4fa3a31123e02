import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from changai.documents import charts
from changai.documents.chart_spec import shade
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
        "label": {"formatter": "86.4"},
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
