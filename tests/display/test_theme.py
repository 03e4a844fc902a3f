"""Colours are legible and apart, by calculation."""

import itertools

import pytest

from display.theme import DARK, LIGHT, Palette, template


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_text_can_be_read_and_series_can_be_seen(palette: Palette) -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    for text in (palette.ink, palette.muted, palette.bad, palette.warn, palette.good):
        assert contrast(text, palette.page) >= 4.5
    for series in palette.series:
        assert contrast(series, palette.page) >= 2.8


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_no_two_colours_are_one(palette: Palette) -> None:
    assert all(one != other for one, other in itertools.combinations((*palette.series, palette.bad), 2))


def test_a_figure_is_transparent_and_cannot_be_dragged() -> None:
    look = template(dark=True).layout
    assert (look.paper_bgcolor, look.dragmode, look.yaxis.automargin) == ("rgba(0,0,0,0)", False, True)
    assert look.font.color == DARK.ink
