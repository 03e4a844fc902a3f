"""The methods that forecasts of seldom demand are compared with give what their papers' formulas give."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import intermittent as methods

EVERY_OTHER = np.tile([0.0, 4.0], 30)


@pytest.mark.parametrize(("method", "rate"), [("CrostonSBA", 1.9), ("ADIDA", 2.0), ("IMAPA", 2.0)])
def test_four_every_other_step_is_two_a_step(method: str, rate: float) -> None:
    assert methods.METHODS[method](EVERY_OTHER) == pytest.approx(rate, rel=0.08)


def test_tsb_falls_while_nothing_is_asked_for() -> None:
    assert methods.tsb(np.append(EVERY_OTHER, np.zeros(20))) < 0.1 * methods.tsb(EVERY_OTHER)


@pytest.mark.parametrize("method", methods.METHODS)
def test_nothing_asked_for_is_nothing_told(method: str) -> None:
    assert methods.METHODS[method](np.zeros(9)) == 0.0


def test_without_data_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert methods.main(tmp_path) == 0
    assert "nothing is measured" in capsys.readouterr().out
