"""How far services may be, read from the tables; expected figures were read there by a person."""

from __future__ import annotations

import csv
import datetime as dt
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.norm_queries import kinds_by_norm, planning_norms, services
from planning.norms.circumstances import (
    EVERY,
    REASONS,
    SIDES,
    Circumstance,
    Circumstances,
    Span,
    span,
)
from planning.norms.radii import Service, read_services
from planning.reach.limits import limits_of
from planning.reach.measures import judge

TABLES = Path(__file__).parents[2] / "fixtures" / "reference"
LAST_OF_2021, FIRST_OF_2026 = dt.date(2026, 12, 31), dt.date(2027, 1, 1)

#: Rows that name a distance to a facility, and how it is measured.
WITH_DISTANCE = {
    **dict.fromkeys(
        ["kg21", "pr21", "ls21", "hc21", "pg21", "sp21", "cu21", "mk21", "fire", "rkg", "rpr"],
        "straight",
    ),
    **dict.fromkeys(
        ["kg26", "pr26", "ls26", "us26", "he26", "cs26", "gr26a", "gr26b", "ga26", "pa26", "ru26"],
        "straight",
    ),
    "pk_walk": "walk",
    "bus26": "walk",
}


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def service(norm: str) -> Service:
    return next(one for one in services() if one.id == norm)


def test_every_row_of_the_table_is_read_and_none_twice() -> None:
    assert [one.id for one in services()] == [row["id"] for row in rows("service_radii.csv")]
    assert len(services()) == 34
    assert {one.id: one.distances[0].measured for one in services() if one.distances} == (
        WITH_DISTANCE
    )
    assert set(kinds_by_norm()) == {one.id for one in services()}


def test_a_row_without_a_radius_gives_no_distance() -> None:
    blank = {row["id"] for row in rows("service_radii.csv") if not row["max_radius_m"]}

    assert blank == {one.id for one in services() if not one.distances and not one.spacing}
    assert blank == {"pk21", "us21", "ho21", "gr21", "rls", "rhc", "rmk", "rgr", "mk26"}


URBAN = {"setting": "urban"}


@pytest.mark.parametrize(
    ("norm", "known", "strictest", "laxest", "reason"),
    [
        ("kg21", {"development": "new", "terrain": "plain", **URBAN}, 500, 500, ""),
        ("kg21", {"development": "new", "terrain": "complex", **URBAN}, 1000, 1000, ""),
        ("kg21", {"development": "existing", "terrain": "plain", **URBAN}, 1000, 1000, ""),
        ("kg21", {"development": "existing", "terrain": "mountain", **URBAN}, 2000, 2000, ""),
        ("kg21", URBAN, 500, 2000, "circumstance_unknown"),
        ("kg21", {"development": "new", **URBAN}, 500, 1000, "terrain_unknown"),
        ("kg21", {"setting": "rural"}, None, None, "does_not_hold"),
        ("kg21", {}, None, None, "setting_unknown"),
        ("pr21", {"development": "new", "terrain": "complex", **URBAN}, 1000, 1000, ""),
        ("ls21", {"development": "existing", "terrain": "complex", **URBAN}, 2000, 2000, ""),
        ("hc21", {"development": "existing", "terrain": "plain", **URBAN}, 1000, 1000, ""),
        ("hc21", {"development": "new", "terrain": "complex", **URBAN}, 500, math.inf, "no_figure"),
        ("hc21", URBAN, 500, math.inf, "circumstance_unknown"),
        ("pg21", {"development": "new", "terrain": "plain", **URBAN}, 300, 300, ""),
        ("pg21", {"development": "existing", "terrain": "plain", **URBAN}, 600, 600, ""),
        ("mk21", {"development": "existing", "terrain": "plain", **URBAN}, 1000, 1000, ""),
        ("fire", {"place": "centre"}, 3000, 3000, ""),
        ("fire", {"place": "elsewhere"}, 5000, 5000, ""),
        ("fire", {}, 3000, 5000, "circumstance_unknown"),
        ("pk_walk", {}, 500, 500, ""),
        ("rkg", {"setting": "rural", "terrain": "complex"}, 1000, 1000, ""),
        ("rkg", {"setting": "rural", "terrain": "mountain"}, 2000, 2000, ""),
        ("rpr", {"setting": "rural"}, 1000, 2000, "terrain_unknown"),
        ("rkg", URBAN, None, None, "does_not_hold"),
        ("kg26", URBAN, 1000, 1000, ""),
        ("us26", URBAN, 2000, 2000, ""),
        ("he26", URBAN, 2000, 2000, ""),
        ("gr26a", URBAN, 2000, 2000, ""),
        ("gr26b", URBAN, 800, 800, ""),
        ("ga26", URBAN, 400, 400, ""),
        ("pa26", URBAN, 500, 500, ""),
        ("bus26", {}, 500, 500, ""),
        ("ru26", {"setting": "rural"}, 2000, 2000, ""),
    ],
)
def test_the_limit_follows_from_what_is_known(
    norm: str, known: dict[str, str], strictest: float | None, laxest: float | None, reason: str
) -> None:
    found = span(service(norm), Circumstance(**known))

    assert found == Span(strictest, laxest, holds=reason != "does_not_hold", reason=reason)


def test_sizes_and_spacings_are_read_from_the_text() -> None:
    assert {one.id: one.least_m2 for one in services() if one.least_m2} == {
        "gr26a": 50_000,
        "gr26b": 10_000,
        "pk21": 5_000,
    }
    spacings = {one.id: one.spacing.limit_m for one in services() if one.spacing}
    assert spacings == {"hyd": 150, "bus26": 600}


def test_the_norms_change_on_new_years_day_of_2027() -> None:
    before = {one.id for one in services() if one.holds_on(LAST_OF_2021)}
    after = {one.id for one in services() if one.holds_on(FIRST_OF_2026)}

    assert before & after == {"fire"}
    assert before | after == {one.id for one in services()}
    assert {"kg21", "rkg", "hyd"} <= before
    assert {"kg26", "bus26", "ru26"} <= after


@given(*(st.sampled_from(words) for words in SIDES.values()))
def test_more_knowledge_never_contradicts_what_was_said(
    development: str, terrain: str, setting: str, place: str
) -> None:
    known = Circumstance(development, terrain, setting, place)
    for one in services():
        if not one.distances:
            continue
        said = span(one, known)
        for full in known.possible:
            exact = span(one, full)
            if said.strictest_m is None or said.laxest_m is None:
                continue
            assert exact.strictest_m is not None
            assert exact.laxest_m is not None
            assert said.strictest_m <= exact.strictest_m <= exact.laxest_m <= said.laxest_m


def test_limits_of_many_places_are_those_of_each() -> None:
    known = [Circumstance("new", "plain", "urban"), Circumstance(setting="rural")]
    places = Circumstances.of(known, np.array([0, 1, -1, 0], np.int32))

    found = limits_of(service("kg21"), places)

    assert np.array_equal(found.limit_m, [500, np.nan, np.nan, 500], equal_nan=True)
    assert found.holds.tolist() == [True, False, True, True]
    assert [REASONS[r] if r >= 0 else "" for r in found.reason.tolist()] == [
        *("", "does_not_hold"),
        *("setting_unknown", ""),
    ]
    assert judge(np.array([500.0, 500, 500, 501]), found).tolist() == [1, -2, -1, 0]


def test_nothing_known_is_the_first_of_all_circumstances() -> None:
    assert EVERY[0] == Circumstance()
    assert len(EVERY) == len(set(EVERY)) == 108


@pytest.mark.parametrize(
    ("table", "norm", "column", "text"),
    [
        ("radii", "kg21", "note", "up to 1 km in complex terrain"),
        ("radii", "fire", "applies_to", "city centre"),
        ("radii", "gr26a", "facility", "Công viên lớn"),
        ("radii", "kg26", "max_radius_m", ""),
        ("measures", "kg26", "figure", "max_radius"),
        ("measures", "kg26", "figure", ""),
        ("measures", "kg26", "circumstance", "suburban"),
        ("measures", "kg26", "measured", "flown"),
        ("measures", "kg26", "quantity", "some"),
        ("measures", "kg26", "id", "kg27"),
        ("measures", "pr21", "figure", "kg99/note:complex"),
    ],
)
def test_what_is_not_written_as_expected_is_refused(
    table: str, norm: str, column: str, text: str
) -> None:
    changed: dict[str, Any] = {
        "radii": rows("service_radii.csv"),
        "measures": rows("service_measures.csv"),
    }
    next(row for row in changed[table] if row["id"] == norm)[column] = text

    with pytest.raises(ValueError):  # noqa: PT011 - each is told in words of its own
        read_services(changed["radii"], changed["measures"], planning_norms())


def test_the_table_of_measures_repeats_no_figure_of_law() -> None:
    figures = {row["max_radius_m"] for row in rows("service_radii.csv")} - {""}

    for row in rows("service_measures.csv"):
        assert not figures & set(" ".join(row.values()).split())
