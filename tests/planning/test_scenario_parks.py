"""Norms of 2027 that ask for a park of a size, in the town of test_reach_planned.

Both plots are within 800 m of the park, which is large enough for one norm (1 ha within 800 m) and
too small for the other (5 ha within 2,000 m).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest

from planning.reach.measures import Verdict
from planning.reach.records import Change
from planning.reach_effects import effects_of
from planning.reach_towns import held_town
from tests.planning.city import EAST, NORTH
from tests.planning.test_coverage_runs import facility
from tests.planning.test_reach_planned import ids  # noqa: F401 # a fixture

if TYPE_CHECKING:
    from tests.planning.city import Office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ids")]
DAY = dt.date(2027, 1, 1)
MET, NOT_MET = Verdict.MET, Verdict.NOT_MET
ONE_HA, FIVE_HA = "gr26b", "gr26a"


@pytest.fixture
def park() -> str:
    row = facility("m", "park", 600, north=-8, capacity=20_000.0, capacity_unit="m2")
    return f"{row.source_file.dataset.code}/m"


def verdicts(office: Office, *changes: Change) -> dict[str, list[int]]:
    """What each of the two norms says of both plots after some changes."""
    _, town = held_town(None, by=office.planner, on=DAY)
    found = {one.held.norm: one.after for one in effects_of(town, changes).effects}
    # Plot 1 lies west of plot 2.
    order = np.argsort(town.city.inside[:, 0])
    return {norm: found[norm][order].tolist() for norm in (ONE_HA, FIVE_HA)}


def test_a_park_counts_where_it_is_large_enough(office: Office, park: str) -> None:
    assert verdicts(office) == {ONE_HA: [MET, MET], FIVE_HA: [NOT_MET, NOT_MET]}

    larger = Change(action="enlarge", key=park, capacity=50_000.0)
    assert verdicts(office, larger) == {ONE_HA: [MET, MET], FIVE_HA: [MET, MET]}

    smaller = Change(action="enlarge", key=park, capacity=9_999.0)
    assert verdicts(office, smaller) == {ONE_HA: [NOT_MET, NOT_MET], FIVE_HA: [NOT_MET, NOT_MET]}


def test_a_size_that_nobody_tells_cannot_be_checked(office: Office, park: str) -> None:
    unknown = Change(action="enlarge", key=park, capacity=None)
    both = [Verdict.UNKNOWN, Verdict.UNKNOWN]
    assert verdicts(office, unknown) == {ONE_HA: both, FIVE_HA: both}


def test_where_the_only_park_is_closed_or_moved_away_nobody_has_one(
    office: Office, park: str
) -> None:
    closed = Change(action="close", key=park)
    assert verdicts(office, closed)[ONE_HA] == [NOT_MET, NOT_MET]

    # The middle of plot 2 is 700 m of street away, that of plot 1 is 900 m.
    moved = Change(action="move", key=park, xy=(EAST + 1_000.0, NORTH - 8.0))
    assert verdicts(office, moved)[ONE_HA] == [NOT_MET, MET]
