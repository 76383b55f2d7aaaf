"""What a plan foresees, held against every row of the table of services; figures by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from planning.norm_queries import kinds_by_norm, services
from planning.norms import State
from planning.norms.circumstances import Circumstance, Circumstances
from planning.reach.norm_check import Checked, Homes, Part, Ways, check
from planning.reach.provision import Offers
from planning.reach.records import Measure, People

OLD, NEW = dt.date(2026, 12, 31), dt.date(2027, 1, 1)
KNOWN = Circumstance("new", "plain", "urban", "centre")
NAN = np.nan


def homes(*rows: tuple[float, float], known: Circumstance = KNOWN) -> Homes:
    """Homes on a line: (metres east, people); each in a zone of its own, z0, z1, …"""
    east, people = (np.array(column, float) for column in zip(*rows, strict=True))
    many = len(rows)
    number = np.arange(many, dtype=np.int32)
    return Homes(
        xy=np.stack([east, np.zeros(many)], axis=1),
        people=People(people, number, tuple(f"z{n}" for n in range(many))),
        circumstances=Circumstances.of([known], np.zeros(many, np.int32)),
    )


def offers(*rows: dict[str, Any]) -> Offers:
    def column(name: str, otherwise: Any) -> list[Any]:
        return [row.get(name, otherwise) for row in rows]

    return Offers(
        kinds=tuple(frozenset(row["kind"].split()) for row in rows),
        xy=np.array([(row["east"], 0.0) for row in rows], float).reshape(-1, 2),
        m2=np.array(column("m2", NAN), float),
        capacity=np.array(column("capacity", NAN), float),
        capacity_unit=np.array(column("unit", ""), object),
        is_inside=np.array(column("inside", True), bool),
        is_planned=np.array(column("planned", False), bool),
    )


def checked(
    where: Homes, what: Offers, *, on: dt.date = OLD, ways: dict[str, Ways] | None = None
) -> dict[str, Checked]:
    found = check(services(), kinds_by_norm(), where, what, on=on, ways=ways)
    return {row.service.id: row for row in found}


def part(row: Checked, measure: Measure) -> Part:
    return next(one for one in row.parts if one.measure is measure)


SCHOOL = {"kind": "kindergarten", "east": 0.0, "capacity": 8, "unit": "place"}


def test_every_row_of_the_table_is_told_once_and_with_a_reason_where_it_is_not_checked() -> None:
    for day in (OLD, NEW):
        found = check(services(), kinds_by_norm(), homes((0, 100)), offers(SCHOOL), on=day)

        assert [row.service.id for row in found] == [one.id for one in services()]
        assert len(found) == 34
        for row in found:
            assert row.parts
            for one in row.parts:
                assert bool(one.reason) == (one.state is State.NOT_CHECKED)


def test_the_radius_is_inclusive_and_the_zone_beyond_it_is_named() -> None:
    met = checked(homes((0, 100), (500, 50)), offers(SCHOOL))["kg21"]
    missed = checked(homes((0, 100), (500.1, 50)), offers(SCHOOL))["kg21"]

    assert part(met, Measure.SHARE_WITHIN).state is State.MET
    found = part(missed, Measure.SHARE_WITHIN)
    assert (found.state, found.worst) == (State.NOT_MET, "z1")
    assert found.share is not None
    assert (found.share.covered, found.share.not_covered) == (100, 50)
    assert found.values["farthest_m"] == 500.1


def test_the_first_day_of_2027_doubles_the_radius_of_schools() -> None:
    where, what = homes((0, 100), (1000, 50)), offers(SCHOOL)

    before, after = checked(where, what, on=OLD), checked(where, what, on=NEW)

    assert part(before["kg21"], Measure.SHARE_WITHIN).state is State.NOT_MET
    assert part(after["kg26"], Measure.SHARE_WITHIN).state is State.MET
    assert before["kg26"].parts[0].reason == "not_yet"
    assert after["kg21"].parts[0].reason == "ended"


@pytest.mark.parametrize(
    ("east", "state", "reason"),
    [
        (500.0, State.MET, ""),
        (501.0, State.NOT_CHECKED, "circumstance_unknown"),
        (2000.0, State.NOT_CHECKED, "circumstance_unknown"),
        (2001.0, State.NOT_MET, ""),
    ],
)
def test_where_nobody_knows_the_area_only_what_all_figures_say_is_said(
    east: float, state: State, reason: str
) -> None:
    where = homes((east, 10), known=Circumstance(setting="urban"))

    found = part(checked(where, offers(SCHOOL))["kg21"], Measure.SHARE_WITHIN)

    assert (found.state, found.reason) == (state, reason)


def test_rows_for_the_country_do_not_speak_of_a_city_and_the_reverse() -> None:
    town = checked(homes((0, 10)), offers(SCHOOL))
    village = checked(homes((0, 10), known=Circumstance(setting="rural")), offers(SCHOOL))

    assert town["rkg"].parts[0].reason == "does_not_hold"
    assert town["rls"].parts[0].reason == "does_not_hold"
    assert village["kg21"].parts[0].reason == "does_not_hold"
    assert part(village["rkg"], Measure.SHARE_WITHIN).state is State.MET


def test_ground_for_schools_of_unknown_kind_may_serve_and_never_does_for_sure() -> None:
    ground = {
        "kind": "kindergarten primary_school lower_secondary_school",
        "east": 900.0,
        "planned": True,
        "m2": 6000,
    }

    found = part(checked(homes((800, 10)), offers(SCHOOL, ground))["kg21"], Measure.SHARE_WITHIN)

    assert (found.state, found.reason) == (State.NOT_CHECKED, "facility_unknown")


def test_a_park_counts_from_its_size_on_and_one_of_unknown_size_decides_nothing() -> None:
    def within(norm: str, m2: float) -> Part:
        park = {"kind": "park", "east": 0.0, "m2": m2}
        found = checked(homes((700, 10)), offers(park), on=NEW)
        return part(found[norm], Measure.SHARE_WITHIN)

    assert within("gr26b", 10_000).state is State.MET
    assert within("gr26b", 9_999).state is State.NOT_CHECKED
    assert within("gr26b", 9_999).reason == "facilities_unknown"
    assert within("gr26a", 50_000).state is State.MET
    assert within("gr26b", NAN).reason == "facility_unknown"


def test_a_clinic_or_a_hospital_meets_the_norm_for_health() -> None:
    hospital = {"kind": "hospital", "east": 1500.0}

    found = checked(homes((0, 10)), offers(hospital), on=NEW)["he26"]

    assert part(found, Measure.SHARE_WITHIN).state is State.MET


def test_rows_of_walking_ask_for_ways_along_streets() -> None:
    parking = {"kind": "parking", "east": 0.0}
    where = homes((0, 10), (100, 10))
    ways = {"pk_walk": Ways(np.array([10.0, 501]), np.array([10.0, 501]))}

    without = part(checked(where, offers(parking))["pk_walk"], Measure.SHARE_WITHIN)
    known = part(checked(where, offers(parking), ways=ways)["pk_walk"], Measure.SHARE_WITHIN)

    assert without.reason == "streets_unknown"
    assert (known.state, known.worst) == (State.NOT_MET, "z1")


# How much there is ----------------------------------------------------------------------------


def provision(norm: str, people: float, *what: dict[str, Any], on: dt.date = OLD) -> Part:
    return part(checked(homes((0, people)), offers(*what), on=on)[norm], Measure.PROVISION)


def test_places_are_counted_for_a_thousand_people() -> None:
    # 50 places for 1,000 people: 8 places do for 160.
    assert provision("kg21", 160, SCHOOL).state is State.MET
    short = provision("kg21", 161, SCHOOL)
    assert short.state is State.NOT_MET
    assert (short.values["need"], short.values["have"]) == (pytest.approx(8.05), 8)


def test_what_stands_elsewhere_or_is_not_told_does_not_count() -> None:
    far = {**SCHOOL, "inside": False, "capacity": 500}
    silent = {**SCHOOL, "capacity": NAN}
    otherwise = {**SCHOOL, "unit": "bed"}

    assert provision("kg21", 1000, SCHOOL, far).state is State.NOT_MET
    assert provision("kg21", 1000, SCHOOL, silent).reason == "capacity_unknown"
    assert provision("kg21", 1000, SCHOOL, otherwise).reason == "unit_differs"
    assert provision("kg26", 1000, SCHOOL, on=NEW).reason == "unit_differs"


def test_planned_ground_counts_by_the_land_for_a_place() -> None:
    # 10 m² a pupil, 40 pupils for 1,000: 25,000 people need 1,000 pupils on 10,000 m².
    ground = {"kind": "upper_secondary_school", "east": 0.0, "planned": True, "m2": 10_000}

    assert provision("us21", 25_000, ground).state is State.MET
    assert provision("us21", 25_001, ground).state is State.NOT_MET
    # So few need none.
    assert provision("us21", 19_999, {**ground, "m2": 1}).state is State.MET


def test_one_park_of_the_unit_must_be_large_enough() -> None:
    small = {"kind": "park", "east": 0.0, "m2": 4_999}

    assert provision("pk21", 2000, small).state is State.NOT_MET
    assert provision("pk21", 2000, {**small, "m2": 5_000}).state is State.MET


def test_one_a_unit_cannot_be_checked_without_units() -> None:
    market = {"kind": "market", "east": 0.0, "m2": 3000}

    assert provision("mk21", 100, market).reason == "unit_unknown"


def test_a_plan_that_says_nothing_of_people_is_not_checked() -> None:
    found = checked(homes((0, 0)), offers(SCHOOL))

    assert found["kg21"].parts[0].reason == "people_unknown"
    assert found["kg21"].state is State.NOT_CHECKED
