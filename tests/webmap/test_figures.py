"""Numbers as a Vietnamese page writes them."""

from __future__ import annotations

import pytest
from django.utils import translation

from webmap import figures


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


@pytest.mark.parametrize(
    ("area_m2", "written"),
    [
        (0.004, "< 0,01\u00a0m²"),
        (0.25, "0,25\u00a0m²"),
        (45.24, "45,2\u00a0m²"),
        (12345.67, "12.345,7\u00a0m²"),
        (0, "0,00\u00a0m²"),
    ],
)
def test_an_area_is_written_without_losing_what_is_small(area_m2, written):
    assert figures.area(area_m2) == written


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0, "0%"),
        (0.0001, "< 0,1%"),
        (0.625, "62,5%"),
        (0.9999, "> 99,9%"),
        (1, "100%"),
    ],
)
def test_a_share_is_written_as_whole_only_if_it_is(share, written):
    assert figures.percent(share) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(4, "4\u00a0m"), (0.5, "0,5\u00a0m"), (0.07, "0,07\u00a0m"), (1000, "1.000\u00a0m")],
)
def test_a_length_has_the_digits_it_needs(value, written):
    assert figures.metres(value) == written
