"""Draw what build/bench.json says: docs/img/growth.svg and docs/img/book.svg.

    python -m tests.bench.plots

A picture whose rows are not in the file is left as it is. No background of their own, and inks that can be read on
white as on black.
"""

import json
import sys
from typing import Any, Final

import altair as alt

from tests.bench.__main__ import BUILD, ROOT

IMAGES: Final = ROOT / "docs" / "img"
INK: Final = "#6e7985"
FAINT: Final = "#6e798540"
OURS, BASELINE = "#d9622b", "#3f87c9"
FONT: Final = "system-ui, sans-serif"
GROWING: Final = {
    "markets": "markets",
    "accounts": "accounts",
    "orders": "open orders",
    "sessions": "sessions",
}
"""What grows, as it is called below its axis."""

TICKS: Final = (5, 10, 20, 50, 100, 200, 500, 1_000)
"""ns per message."""

Rows = list[dict[str, Any]]


def main() -> int:
    """Write what can be drawn."""
    file = BUILD / "bench.json"
    if not file.exists():
        print("error: build/bench.json is not there, run make bench", file=sys.stderr)
        return 1
    rows: Rows = json.loads(file.read_text())
    growth = [row for row in rows if row["name"].startswith("growth_")]
    book = [row for row in rows if row["name"].startswith("book_")]
    IMAGES.mkdir(exist_ok=True)
    for name, drawn, chart in (("growth", growth, growth_chart), ("book", book, book_chart)):
        if not drawn:
            print(f"{name}.svg: no rows, python -m tests.bench {name}", file=sys.stderr)
            continue
        chart(drawn).save(IMAGES / f"{name}.svg")
        print((IMAGES / f"{name}.svg").relative_to(ROOT))
    return 0


def growth_chart(rows: Rows) -> Any:
    """A small picture for each thing that grows."""
    pictures = [_growth_of(of, [row for row in rows if row["of"] == of]) for of in GROWING]
    return _dressed(alt.concat(*pictures, columns=2, spacing=28).resolve_scale(y="independent"))


def _growth_of(of: str, rows: Rows) -> Any:
    sizes = sorted(row["size"] for row in rows)
    axis = alt.Axis(values=sizes, format="~s", labelFlush=False)
    chart = alt.Chart(alt.InlineData(values=rows), width=280, height=150).encode(
        x=alt.X("size:Q", title=GROWING[of], axis=axis, scale=alt.Scale(type="log", padding=16)),
        y=alt.Y(
            "value:Q", title=rows[0]["unit"] if rows else "", axis=alt.Axis(tickCount=4), scale=alt.Scale(zero=True)
        ),
    )
    line = chart.mark_line(color=OURS, strokeWidth=2, point=alt.OverlayMarkDef(color=OURS, size=45))
    figures = chart.mark_text(dy=-11, color=INK, fontSize=11, font=FONT).encode(text=alt.Text("value:Q", format=",.0f"))
    return line + figures


def book_chart(rows: Rows) -> Any:
    """Two bars for each flow."""
    values = [
        {"flow": row["name"].removeprefix("book_"), "book": book, "ns": row[key]}
        for row in rows
        for book, key in (("this book", "value"), ("plain book", "baseline"))
    ]
    flows = [row["name"].removeprefix("book_") for row in rows]
    books = ["this book", "plain book"]
    colours = alt.Scale(domain=books, range=[OURS, BASELINE])
    legend = alt.Legend(title=None, orient="top")
    scale = alt.Scale(type="log", domainMin=TICKS[0])
    chart = alt.Chart(alt.InlineData(values=values), width=460, height=alt.Step(11)).encode(
        y=alt.Y("flow:N", title=None, sort=flows, axis=alt.Axis(grid=False), scale=alt.Scale(paddingInner=0.3)),
        yOffset=alt.YOffset("book:N", sort=books),
        x=alt.X("ns:Q", title="ns per message (log scale)", scale=scale, axis=alt.Axis(values=TICKS)),
    )
    bars = chart.mark_bar().encode(x2=alt.datum(TICKS[0]), color=alt.Color("book:N", scale=colours, legend=legend))
    figures = chart.mark_text(align="left", dx=4, color=INK, fontSize=10, font=FONT).encode(
        text=alt.Text("ns:Q", format=",.0f")
    )
    return _dressed(bars + figures)


def _dressed(chart: Any) -> Any:
    return (
        chart.configure(background="transparent", font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK,
            titleColor=INK,
            titleFontWeight="normal",
            titleFontSize=12,
            labelFontSize=11,
            domainColor=INK,
            tickColor=INK,
            gridColor=FAINT,
        )
        .configure_legend(labelColor=INK, labelFontSize=12)
    )


if __name__ == "__main__":
    sys.exit(main())
