"""Bar charts as SVG files that read in light and dark, the numbers written beside the bars."""

from __future__ import annotations

import math
from html import escape

from tests.bench.tables import Chart, shown

WIDTH, LABELS, BAR, GAP, HEAD = 760, 300, 18, 6, 40
ROOM = WIDTH - LABELS - 110
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1d2b36 }
  .title { font-weight: 600; font-size: 15px }
  .group { font-weight: 600 }
  .own { fill: #0b6e6e }
  .other { fill: #9aa7b1 }
  .paper { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .own { fill: #4cc2b4 }
    .other { fill: #6b7a86 }
    .paper { fill: #12181e }
  }
"""


def svg(chart: Chart) -> str:
    """Draw a chart."""
    values = [value for _, bars in chart.groups for _, value in bars if value]
    low, high = min(values, default=1.0), max(values, default=1.0)
    parts, top = [], HEAD
    for group, bars in chart.groups:
        parts.append(_text(8, top + BAR, group, "group"))
        top += BAR + GAP
        for at, (label, value) in enumerate(bars):
            parts += _bar(top, label, value, _length(chart.log, value, low, high), own=at == 0)
            top += BAR + GAP
        top += GAP
    title = f"{chart.title} ({chart.unit}{', logarithmic' if chart.log else ''})"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" role="img" '
        f'aria-label="{escape(title)}">\n<style>{STYLE}</style>\n'
        f'<rect class="paper" width="{WIDTH}" height="{top}"/>\n'
        + "\n".join([_text(8, 22, title, "title"), *parts])
        + "\n</svg>\n"
    )


def _length(log: bool, value: float | None, low: float, high: float) -> float:
    if not value:
        return 0.0
    if not log:
        return ROOM * value / high
    decades = max(1.0, math.log10(high / low))
    # The shortest bar still shows, so that no bar is mistaken for nothing.
    return ROOM * (0.04 + 0.96 * math.log10(value / low) / decades)


def _bar(top: int, label: str, value: float | None, length: float, own: bool) -> list[str]:
    kind = "own" if own else "other"
    return [
        _text(20, top + BAR - 5, label),
        f'<rect class="{kind}" x="{LABELS}" y="{top}" width="{length:.1f}" height="{BAR}" rx="2"/>',
        _text(LABELS + length + 6, top + BAR - 5, shown(value)),
    ]


def _text(x: float, y: float, words: str, kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return f'<text{mark} x="{x:.0f}" y="{y:.0f}">{escape(words)}</text>'
