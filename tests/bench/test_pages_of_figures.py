"""Tables and charts say what was measured."""

import xml.etree.ElementTree as ET

import pytest

from tests.bench import charts, tables
from tests.bench.tables import Chart, Table

TABLE = Table("Speed", ("by", "pairs/s"), (("us & them", 1234567.8), ("peer", 0.01234)), "make bench")


@pytest.mark.parametrize(
    ("cell", "words"),
    [(None, "–"), (12345, "12,345"), (1234.5, "1,234"), (0.01234, "0.0123"), (3.14159, "3.14"), ("a", "a")],
)
def test_figures_have_three_digits(cell, words):
    assert tables.shown(cell) == words


@pytest.mark.parametrize(("ratio", "words"), [(1234.4, "1,234×"), (12.3, "12×"), (0.123, "0.12×")])
def test_ratios_are_short(ratio, words):
    assert tables.times(ratio) == words


def test_a_table_is_written_as_markdown():
    assert "| us & them | 1,234,568 |\n| peer | 0.0123 |" in tables.markdown(TABLE)


def test_a_table_is_printed_with_its_command():
    assert tables.text(TABLE).endswith("$ make bench\n")


@pytest.mark.parametrize("log", [True, False])
def test_a_chart_is_drawn_to_scale(log):
    chart = Chart(
        "c", "Speed <", "pairs", (("town", (("us & them", 1000.0), ("peer", 1.0), ("none", None))),), log
    )

    drawn = ET.fromstring(charts.svg(chart))  # noqa: S314
    widths = [float(bar.get("width")) for bar in drawn.iter("{http://www.w3.org/2000/svg}rect")][1:]

    assert widths[0] > widths[1] > widths[2] == 0
    assert "Speed < (pairs" in drawn.get("aria-label")
