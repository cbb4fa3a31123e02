"""A chart in words: its caption, and what it shows for those who cannot see it."""

from changai.documents.characters import printed, single_line
from changai.documents.chart_spec import ChartSpec, Series, chart_number

_KINDS = {"bars": "条形图", "lines": "折线图", "heat": "热力图", "intervals": "区间图", "tiles": "方格图"}


def caption(spec: ChartSpec) -> str:
    """Return the caption: title and unit."""
    unit = f"（单位：{single_line(spec.unit)}）" if spec.unit else ""
    return printed(single_line(spec.title) + unit)


def alt_text(spec: ChartSpec) -> str:
    """Return what the chart shows, in words, for those who cannot see it."""
    kind = _KINDS[spec.kind]
    sentences = [f"{kind}：{caption(spec)}，共{len(spec.categories)}项。"]
    if spec.kind == "intervals":
        sentences += [_interval_sentence(spec, place) for place in range(len(spec.categories))]
    else:
        sentences += [_series_sentence(spec, series) for series in spec.series]
    if spec.reference:
        level = chart_number(spec.reference.value, spec.decimals)
        sentences.append(f"参照线为{single_line(spec.reference.label)}{level}。")
    return printed("".join(sentences))


def _interval_sentence(spec: ChartSpec, place: int) -> str:
    low, mark, high = (chart_number(series.values[place], spec.decimals) for series in spec.series)
    return f"{single_line(spec.categories[place])}{mark}（{low}至{high}）。"


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
