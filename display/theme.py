"""Colours and the look of figures, for light and dark: calculated to be legible, and apart for colour-blind readers."""

import functools
from dataclasses import dataclass

import plotly.graph_objects as go

FONT = "Inter, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"


@dataclass(frozen=True)
class Palette:
    """Colours by what they mean. ``bad`` is the one alarm colour: only where a threshold is crossed."""

    series: tuple[str, ...]
    context: str
    good: str
    warn: str
    bad: str
    ink: str
    muted: str
    lines: str
    page: str


LIGHT = Palette(
    series=("#1F5FBF", "#D9730D", "#12A594", "#5B2A86", "#8C4A2F"),
    context="#7C8798",
    good="#0B7A6B",
    warn="#B45F06",
    bad="#C0392B",
    ink="#16202E",
    muted="#5B6675",
    lines="#DCE2EA",
    page="#FFFFFF",
)
DARK = Palette(
    series=("#6EA4F0", "#F0A04B", "#466F2A", "#F25A97", "#8239EF"),
    context="#7C8798",
    good="#3FBFA8",
    warn="#F0A04B",
    bad="#F0796B",
    ink="#E6EBF2",
    muted="#94A1B3",
    lines="#2A3648",
    page="#0F1622",
)


def palette(*, dark: bool) -> Palette:
    """The colours of one appearance."""
    return DARK if dark else LIGHT


@functools.cache
def template(*, dark: bool) -> go.layout.Template:
    """How every figure looks: transparent, quiet axes, light horizontal lines, no titles of axes."""
    colours = palette(dark=dark)
    axis = {"automargin": True, "zeroline": False, "fixedrange": True, "tickfont": {"color": colours.muted, "size": 12}}
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 12, "color": colours.ink},
            "colorway": colours.series,
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "margin": {"l": 0, "r": 8, "t": 8, "b": 0},
            "xaxis": axis | {"showgrid": False, "linecolor": colours.lines},
            "yaxis": axis | {"gridcolor": colours.lines, "gridwidth": 1},
            "bargap": 0.35,
            "barcornerradius": 3,
            "dragmode": False,
            "hovermode": "closest",
            "hoverlabel": {"bgcolor": colours.page, "bordercolor": colours.lines, "font": {"color": colours.ink}},
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1.02,
                "yanchor": "bottom",
                "font": {"color": colours.muted, "size": 12},
            },
        }
    )


CONFIG = {"displayModeBar": False, "responsive": True}
