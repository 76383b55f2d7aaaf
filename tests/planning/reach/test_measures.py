"""Measures of reach: values by hand, by numpy on repeated people, and what must never happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.norms import State
from planning.reach.distributions import (
    NO_WAY,
    NOT_KNOWN,
    histogram,
    lorenz,
    quantile,
    spread,
    tenth_of,
    tenths,
    worst,
)
from planning.reach.figures import Asked, Reached, figures, figures_of_all, figures_of_supply
from planning.reach.measures import Verdict, all_of, every_service, gap, judge, shares, within
from planning.reach.records import Figure, Limits, Measure, Mode, People

if TYPE_CHECKING:
    from collections.abc import Sequence

INF, NAN = np.inf, np.nan


def people(many: Sequence[float], unit: Sequence[int] | None = None, units: int = 1) -> People:
    where = np.zeros(len(many), np.int32) if unit is None else np.array(unit, np.int32)
    return People(np.array(many, float), where, tuple(f"{n + 1:05}" for n in range(units)))


def limits(
    strictest: Sequence[float] | float,
    laxest: Sequence[float] | float | None = None,
    *,
    places: int = 1,
    measured: str = "walk",
) -> Limits:
    low = np.broadcast_to(np.asarray(strictest, float), places).copy()
    high = low if laxest is None else np.broadcast_to(np.asarray(laxest, float), places).copy()
    return Limits(
        "kg21",
        low,
        high,
        np.ones(places, bool),
        np.full(places, -1, np.int8),
        (),
        measured,  # type: ignore[arg-type] # one of two words
    )


def array(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(values, float)


# What is within -----------------------------------------------------------------------------


def test_a_limit_is_inclusive_and_unreached_or_unknown_is_never_within() -> None:
    sum_of_roots = 500 * (np.sqrt(0.1) * np.sqrt(10))

    found = within(array(500, 500 + 1e-3, 499.999, INF, NAN, sum_of_roots), 500)

    assert found.tolist() == [True, False, True, False, False, True]


def test_between_the_strictest_and_the_laxest_figure_nothing_can_be_said() -> None:
    metres = array(500, 501, 2000, 2001, INF, NAN)

    found = judge(metres, limits(500, 2000, places=6))

    assert found.tolist() == [1, -1, -1, 0, 0, -1]


def test_a_norm_that_allows_more_without_saying_how_much_is_missed_only_without_a_way() -> None:
    assert judge(array(500, 9000, INF), limits(500, INF, places=3)).tolist() == [1, -1, 0]


def test_a_facility_of_unknown_size_leaves_places_near_it_alone_undecided() -> None:
    certain, possible = array(900, 900, 300), array(900, 300, 300)

    assert judge(certain, limits(500, places=3), possibly=possible).tolist() == [0, -1, 1]


def test_a_kind_with_two_norms_fails_by_one_and_is_met_by_both() -> None:
    one = np.array([1, 1, 1, -2, -2, -1], np.int8)
    two = np.array([1, 0, -1, 1, -2, 0], np.int8)

    assert all_of([one, two], 6).tolist() == [1, 0, -1, 1, -2, 0]


# Shares ---------------------------------------------------------------------------------------


def test_the_share_counts_people_and_leaves_the_unknown_beside_it() -> None:
    verdict = np.array([1, 0, -1, -2, 1], np.int8)

    total, _ = shares(verdict, people([30, 10, 60, 500, NAN]))

    assert total.value == 0.75
    assert (total.low, total.high) == (0.3, 0.9)
    assert (total.covered, total.not_covered, total.unknown, total.people) == (30, 10, 60, 100)
    assert (total.places, total.uncounted) == (3, 1)
    assert total.state is State.NOT_MET


def test_without_people_or_knowledge_there_is_no_share_but_a_reason() -> None:
    met, unknown = np.array([1], np.int8), np.array([-1], np.int8)

    assert (shares(met, people([0]))[0].value, shares(met, people([0]))[0].reason) == (
        None,
        "nobody_lives_here",
    )
    assert shares(met, people([NAN]))[0].reason == "nobody_was_counted"
    nothing = shares(unknown, people([7]))[0]
    assert (nothing.value, nothing.low, nothing.high) == (None, 0, 1)
    assert (nothing.reason, nothing.state) == ("nothing_known", State.NOT_CHECKED)
    assert shares(np.array([-2], np.int8), people([7]))[0].reason == "does_not_hold"


def test_wards_have_their_own_shares_and_the_gap_names_the_ends() -> None:
    verdict = np.array([1, 0, 1, 1, 0, 1], np.int8)
    who = people([150, 50, 300, 99, 100, 10], [0, 0, 1, 2, 3, -1], units=4)

    total, of_units = shares(verdict, who)
    found = gap(who.units, of_units)

    assert [one.value for one in of_units] == [0.75, 1.0, 1.0, 0.0]
    assert total.value == pytest.approx(559 / 709)
    assert (found.value, found.worst, found.best) == (1.0, "00004", "00002")
    assert found.unranked == ("00003",)


def test_all_services_asks_only_for_what_could_be_judged() -> None:
    school = np.array([1, 1, -1, -1, 0], np.int8)
    clinic = np.array([1, 0, 1, -1, -1], np.int8)

    total, _ = every_service([school, clinic], people([1, 2, 4, 8, 16]))

    assert (total.covered, total.not_covered, total.unknown) == (5, 18, 8)


def test_all_services_says_what_is_certain_and_what_is_possible() -> None:
    """Certain is the first place alone; not met are the second and the last."""
    school = np.array([1, 1, -1, -1, 0], np.int8)
    clinic = np.array([1, 0, 1, -1, -1], np.int8)

    found = figures_of_all({"school": school, "clinic": clinic}, people([1, 2, 4, 8, 16]))

    whole = only(found, Measure.ALL_SERVICES)
    assert whole.value == pytest.approx(5 / 23)
    assert (whole.low, whole.high) == pytest.approx((1 / 31, 13 / 31))


def test_the_ward_served_worst_is_where_the_least_is_certain() -> None:
    """In the second ward more is met of what could be judged, and less is certain."""
    verdict = np.array([1, 0, 1, -1], np.int8)
    who = people([600, 400, 300, 700], [0, 0, 1, 1], units=2)

    found = figures_of_all({"school": verdict}, who)

    assert only(found, Measure.ALL_SERVICES).values["worst"] == who.units[1]


# Distributions --------------------------------------------------------------------------------


def test_quantiles_are_numpys_of_the_people_one_by_one() -> None:
    random = np.random.default_rng(7)
    for _ in range(50):
        values = np.array(random.integers(0, 30, 12) * 10, float)
        many = random.integers(0, 6, 12)
        if not many.sum():
            continue
        one_by_one = np.repeat(values, many)

        of = spread(values, many.astype(float))

        for q in (0.1, 0.25, 0.5, 0.9):
            assert quantile(of, q) == np.quantile(one_by_one, q, method="inverted_cdf")


def test_a_quantile_among_the_unreached_is_no_number() -> None:
    of = spread(array(100, INF), array(4, 6))

    assert quantile(of, 0.4) == 100
    assert quantile(of, 0.5) == INF
    assert quantile(spread(array(1), array(0)), 0.5) is None


def test_a_histogram_puts_a_value_on_the_edge_where_the_limit_would() -> None:
    of = spread(array(0, 60, 60.5, 7201, INF, NAN), array(1, 2, 4, 8, 16, 32))

    found = histogram(of, 60)

    assert found.bins[:2] == (3, 4)
    assert (found.beyond, found.unreached, found.unknown) == (8, 16, 32)
    assert sum(found.bins) == 7


def test_the_worst_tenth_takes_the_straddling_place_in_part() -> None:
    # Of 100 people the farthest ten: all 4 at 1000 m and 6 of the 50 at 400 m.
    of = spread(array(100, 400, 1000), array(46, 50, 4))

    assert worst(of).mean == pytest.approx((4 * 1000 + 6 * 400) / 10)


def test_the_worst_tenth_with_somebody_unreached_has_no_mean() -> None:
    found = worst(spread(array(100, 400, INF), array(45, 50, 5)))

    assert found.mean == INF
    assert (found.unreached, found.reached_mean) == (pytest.approx(5), pytest.approx(400))


def test_gini_of_equals_is_nothing_and_of_one_who_has_all_is_the_rest() -> None:
    equal = lorenz(spread(array(3, 3, 3), array(1, 5, 4)))
    one = lorenz(spread(array(0, 8), array(75, 25)))

    assert equal is not None
    assert equal.gini == pytest.approx(0, abs=1e-12)
    assert one is not None
    assert one.gini == pytest.approx(0.75)
    assert lorenz(spread(array(0, 0), array(3, 4))) is None
    assert lorenz(spread(array(), array())) is None


def test_gini_is_half_the_mean_difference_of_any_two_people() -> None:
    random = np.random.default_rng(3)
    values, many = np.array(random.integers(0, 90, 20) / 10, float), random.integers(1, 5, 20)
    each = np.repeat(values, many)
    apart = np.abs(each[:, None] - each[None, :]).mean()

    curve = lorenz(spread(values, many.astype(float)))

    assert curve is not None
    assert curve.gini == pytest.approx(apart / (2 * each.mean()))


def test_tenths_are_the_same_for_all_and_unreached_is_a_class_of_its_own() -> None:
    values = np.arange(1.0, 11.0)
    breaks = tenths(spread(values, np.ones(10)))

    assert breaks == list(range(1, 10))
    assert tenth_of(array(1, 2, 10, 99, INF, NAN), breaks).tolist() == [
        0,
        1,
        9,
        9,
        NO_WAY,
        NOT_KNOWN,
    ]


# Figures --------------------------------------------------------------------------------------


def only(
    found: list[Figure], measure: Measure, *, unit: str = "", norm: str | None = None
) -> Figure:
    kept = [
        one
        for one in found
        if one.measure is measure and one.unit == unit and norm in (None, one.norm)
    ]
    assert len(kept) == 1
    return kept[0]


def test_figures_tell_the_street_beside_the_straight_line_and_which_decides() -> None:
    who = people([100, 200, 100], [0, 0, 1], units=2)
    asked = Asked(
        "kindergarten",
        limits(500, places=3, measured="straight"),
        metres=array(400, 700, INF),
        straight_m=array(300, 450, 900),
    )

    found = figures({"kindergarten": Reached(asked.metres)}, who, [asked])

    street, line = only(found, Measure.SHARE_WITHIN), only(found, Measure.STRAIGHT)
    assert (street.value, street.state) == (0.25, None)
    assert (line.value, line.state, line.people) == (0.75, State.NOT_MET, 400)
    assert line.values["only_straight_people"] == 200
    assert line.values["only_street_places"] == 0
    assert only(found, Measure.STRAIGHT, unit="00001").state is State.MET
    assert only(found, Measure.GAP, norm="kg21").value == 1.0
    assert only(found, Measure.ALL_SERVICES).values["worst"] == "00002"


def test_every_figure_is_a_number_or_none_with_a_reason() -> None:
    who = people([5, 5, NAN], [0, 0, 0], units=2)
    reached = Reached(array(INF, INF, 3), {Mode.WALK: array(INF, 60, 2)})

    found = figures({"park": reached}, who)

    median = only(found, Measure.METRES)
    assert (median.value, median.reason) == (None, "unreached")
    assert only(found, Measure.MINUTES).value == 1.0
    assert only(found, Measure.METRES, unit="00002").reason == "nobody_lives_here"
    uncounted = figures({"park": reached}, people([NAN] * 3, [0, 0, 0], units=1))
    assert only(uncounted, Measure.METRES).reason == "nobody_was_counted"
    for one in found:
        assert (one.value is None) == bool(one.reason)
        assert one.value is None or np.isfinite(one.value)


def test_no_figure_is_told_twice() -> None:
    who = people([5, 5], [0, 1], units=2)
    ways = array(10, 20)
    asked = Asked("park", limits(500, places=2), ways, ways)
    found = figures({"park": Reached(ways, {Mode.WALK: ways, Mode.MOTORBIKE: ways})}, who, [asked])
    found += figures_of_supply("park", "kg21", ways, who)

    keys = [(f.kind, f.norm, f.mode, f.metric, f.measure, f.unit) for f in found]

    assert len(keys) == len(set(keys))


def test_supply_nobody_has_has_no_inequality() -> None:
    found = figures_of_supply("park", "", array(0, 0), people([1, 2]))

    assert only(found, Measure.SUPPLY).value == 0
    assert (only(found, Measure.GINI).value, only(found, Measure.GINI).reason) == (
        None,
        "no_supply",
    )


# What must never happen -----------------------------------------------------------------------

METRES = st.one_of(st.floats(0, 3000), st.just(INF), st.just(NAN))
TOWN = st.lists(st.tuples(METRES, st.integers(0, 50)), min_size=1, max_size=30)


@settings(max_examples=100)
@given(TOWN, st.floats(0, 3000), st.floats(0, 3000))
def test_a_longer_limit_never_lowers_a_share(
    town: list[tuple[float, int]], one: float, two: float
) -> None:
    ways, many = (np.array(column, float) for column in zip(*town, strict=True))
    who = people(many.tolist())
    short, long = sorted((one, two))

    before = shares(judge(ways, limits(short, places=len(ways))), who)[0]
    after = shares(judge(ways, limits(long, places=len(ways))), who)[0]

    assert after.covered >= before.covered
    if before.value is not None:
        assert after.value is not None
        assert after.value >= before.value


@settings(max_examples=100)
@given(TOWN, st.floats(0, 3000), st.data())
def test_a_facility_more_never_lowers_a_share(
    town: list[tuple[float, int]], limit: float, data: st.DataObject
) -> None:
    ways, many = (np.array(column, float) for column in zip(*town, strict=True))
    who = people(many.tolist())
    new = data.draw(st.lists(st.floats(0, 3000), min_size=len(ways), max_size=len(ways)))
    nearer = np.minimum(ways, np.array(new))

    before = shares(judge(ways, limits(limit, places=len(ways))), who)[0]
    after = shares(judge(nearer, limits(limit, places=len(ways))), who)[0]

    assert after.covered >= before.covered
    assert after.not_covered <= before.not_covered


@settings(max_examples=100)
@given(TOWN, st.floats(0, 3000))
def test_splitting_the_people_of_a_plot_in_two_changes_nothing(
    town: list[tuple[float, int]], limit: float
) -> None:
    ways, many = (np.array(column, float) for column in zip(*town, strict=True))
    split_ways = np.repeat(ways, 2)
    split_many = np.stack([many / 2, many / 2], axis=1).ravel()

    whole, parts = spread(ways, many), spread(split_ways, split_many)
    share = [
        shares(judge(w, limits(limit, places=len(w))), people(m.tolist()))[0]
        for w, m in ((ways, many), (split_ways, split_many))
    ]

    assert share[0].value == share[1].value
    assert [quantile(whole, q) for q in (0.1, 0.5, 0.9)] == [
        quantile(parts, q) for q in (0.1, 0.5, 0.9)
    ]
    assert worst(parts).mean == (
        None if worst(whole).mean is None else pytest.approx(worst(whole).mean)
    )
    assert (lorenz(whole) is None) == (lorenz(parts) is None)


def test_no_verdict_is_mistaken_for_another() -> None:
    assert [int(v) for v in Verdict] == [1, 0, -1, -2]
