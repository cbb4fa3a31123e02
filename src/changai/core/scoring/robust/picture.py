"""The interval chart of a robustness report as SVG text: one line a unit, official place and 5-95 % range."""

from __future__ import annotations

from xml.sax.saxutils import escape

from changai.core.scoring.robust.report import Robustness, UnitRobustness
from changai.core.scoring.voice import Language, Voice

_ROW, _LEFT, _WIDTH, _TOP, _FOOT = 26, 220, 560, 64, 74
_FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, SimHei, sans-serif"


def interval_chart(report: Robustness, lang: Language = "zh") -> str:
    """Return an SVG drawing; every mark is named in words below it, and no colour carries meaning alone."""
    units = sorted((report.of(unit) for unit in report.units), key=lambda each: each.official)
    count = len(units)
    height = _TOP + _ROW * count + _FOOT
    width = _LEFT + _WIDTH + 60
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{_FONT}" font-size="14" role="img">',
        f"<title>{escape(report.varied_words(lang))}</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *_axis(count, lang),
    ]
    for row, each in enumerate(units):
        parts.extend(_line(each, row, count))
    parts.extend(_words(report, height, lang))
    return "\n".join([*parts, "</svg>"])


def _x(rank: int, count: int) -> float:
    return _LEFT + _WIDTH * (rank - 1) / max(1, count - 1)


def _axis(count: int, lang: Language) -> list[str]:
    title = Voice(lang).pick("位次", "place")
    step = max(1, -(-count // 12))
    marks = sorted({1, *range(step, count + 1, step), count})
    parts = [f'<text x="{_LEFT}" y="24" fill="#333333">{title}</text>']
    for rank in marks:
        x, bottom = _x(rank, count), _TOP + _ROW * count
        parts.append(f'<line x1="{x:.1f}" y1="{_TOP - 8}" x2="{x:.1f}" y2="{bottom}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{_TOP - 14}" text-anchor="middle" fill="#555555">{rank}</text>')
    return parts


def _line(each: UnitRobustness, row: int, count: int) -> list[str]:
    y = _TOP + _ROW * row + _ROW / 2
    low, high = _x(each.p5, count), _x(each.p95, count)
    median, official = _x(each.median, count), _x(each.official, count)
    marks = f'<line x1="{median:.1f}" y1="{y - 8:.1f}" x2="{median:.1f}" y2="{y + 8:.1f}" stroke="#1f3d5c"'
    return [
        f'<text x="{_LEFT - 14}" y="{y + 5:.1f}" text-anchor="end" fill="#222222">{escape(each.unit)}</text>',
        f'<line x1="{low:.1f}" y1="{y:.1f}" x2="{high:.1f}" y2="{y:.1f}" stroke="#6b8cae" stroke-width="6"/>',
        f'{marks} stroke-width="2"/>',
        f'<circle cx="{official:.1f}" cy="{y:.1f}" r="5" fill="#ffffff" stroke="#b3261e" stroke-width="2"/>',
    ]


def _words(report: Robustness, height: int, lang: Language) -> list[str]:
    legend = Voice(lang).pick(
        "圆圈：公布位次　竖线：中位位次　横条：5%—95% 的位次范围",
        "circle: official place   tick: median place   bar: 5-95 % range of places",
    )
    words = report.varied_words(lang)
    half = words.find("；" if lang == "zh" else ";") + 1
    lines = [legend, words[:half].strip(), words[half:].strip()]
    top = height - _FOOT + 26
    return [
        f'<text x="16" y="{top + 18 * row}" font-size="12" fill="#555555">{escape(line)}</text>'
        for row, line in enumerate(lines)
    ]
