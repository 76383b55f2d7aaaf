"""Shares that were worked out beforehand never change an answer, whatever happened meanwhile."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import shapely
from django.core.management import call_command
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landdata.models import ParcelVersion, Revision
from planning.extract import build_extract
from planning.extract.as_json import as_json
from planning.extract.records import Answer
from planning.models import Adjustment, PlanLevel, PlotShare, PlotShareState
from planning.operations.shares import refresh_plot_shares, refresh_shares
from tests.planning.city import TODAY, Office, Register, box, codes_of_land_use, functions

SPAN = 60


def said(plot, *, use_shares, known_at=None, as_of=TODAY):
    return as_json(build_extract(plot, as_of=as_of, known_at=known_at, use_shares=use_shares))


def halves(west, south, east, north):
    """Two zones that meet on a slanting line and fill a rectangle exactly."""
    third, two = west + (east - west) / 3, west + 2 * (east - west) / 3
    ground = box(west, south, east, north)
    shift = shapely.get_coordinates(ground).min(axis=0) - (west, south)
    corners = [(west, south), (third, south), (two, north), (west, north)]
    left = shapely.Polygon([(x + shift[0], y + shift[1]) for x, y in corners])
    return {"A": ("HOUSES", left), "B": ("GREEN", ground.difference(left))}


def test_a_share_is_written_for_ground_in_common_and_none_for_touching(office, register):
    office.in_force("P", box(0, 0, 40, 40), halves(0, 0, 40, 40))
    inside = register.parcel("1", box(2, 2, 6, 6))
    across = register.parcel("2", box(10, 10, 30, 30))
    beside = register.parcel("3", box(40, 10, 50, 30))

    refreshed = refresh_shares()

    def pieces(plot):
        found = PlotShare.objects.filter(parcel_version__parcel_id=plot).order_by("zone__label")
        return [
            (
                share.zone.label,
                None if share.piece is None else shapely.from_wkb(bytes(share.piece)).area,
            )
            for share in found
        ]

    assert (refreshed.plots, refreshed.shares) == (3, 3)
    assert pieces(inside) == [("A", None)]
    # The line between A and B runs from (13.33, 0) to (26.67, 40): 20 at half height.
    assert pieces(across) == [("A", pytest.approx(200)), ("B", pytest.approx(200))]
    assert pieces(beside) == []
    assert PlotShareState.objects.count() == 3


def test_stored_shares_are_what_is_read(office, register):
    """A share that is spoilt by hand spoils the answer: the reader really uses it."""
    office.in_force("P", box(0, 0, 40, 40), halves(0, 0, 40, 40))
    plot = register.parcel("1", box(10, 10, 30, 30))
    refresh_shares()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM planning_plotshare")

    spoilt = build_extract(plot, as_of=TODAY)

    zoning = next(t for t in spoilt.themes if t.theme == "zoning_plan")
    assert zoning.answer is Answer.NO_DATA
    assert said(plot, use_shares=False)["themes"][1]["answer"] == "applies"


def test_a_zone_published_after_the_shares_is_in_the_answer_at_once(office, register):
    plot = register.parcel("1", box(10, 10, 30, 30))
    refresh_shares()
    assert said(plot, use_shares=True)["themes"][1]["answer"] == "no_data"

    office.in_force("P", box(0, 0, 40, 40), halves(0, 0, 40, 40))

    assert said(plot, use_shares=True)["themes"][1]["answer"] == "applies"
    assert said(plot, use_shares=True) == said(plot, use_shares=False)


def test_an_adjustment_published_after_the_shares_replaces_at_once(office, register):
    office.in_force("P", box(0, 0, 40, 40), {"A": ("HOUSES", box(0, 0, 40, 40))})
    plot = register.parcel("1", box(10, 10, 30, 30))
    refresh_shares()
    office.in_force(
        "P",
        box(0, 0, 20, 40),
        {"N": ("GREEN", box(0, 0, 20, 40))},
        adjustment=Adjustment.LOCAL,
        valid_from=dt.date(2026, 5, 1),
    )

    answer = said(plot, use_shares=True)

    assert {
        (piece["zones"][0]["label"], piece["area_m2"]) for piece in answer["themes"][1]["pieces"]
    } == {("A", 200.0), ("N", 200.0)}
    assert answer == said(plot, use_shares=False)


def test_a_second_round_has_nothing_to_do(office, register):
    office.in_force("P", box(0, 0, 40, 40), halves(0, 0, 40, 40))
    register.parcel("1", box(10, 10, 30, 30))
    refresh_shares()

    again = refresh_shares()

    assert (again.plots, again.shares) == (0, 0)


def test_a_publication_leaves_one_round_to_the_worker(office):
    office.in_force("P", box(0, 0, 40, 40), halves(0, 0, 40, 40))
    office.in_force("Q", box(50, 0, 90, 40), halves(50, 0, 90, 40))

    waiting = DBTaskResult.objects.filter(status="READY")
    assert [task.task_path for task in waiting] == [
        "planning.operations.shares.refresh_plot_shares"
    ]


def test_the_round_of_the_worker_and_the_command_do_the_same(office, register):
    office.in_force("P", box(0, 0, 40, 40), halves(0, 0, 40, 40))
    register.parcel("1", box(10, 10, 30, 30))
    said = io.StringIO()

    assert refresh_plot_shares.func() == {"plots": 1, "shares": 2}
    call_command("refresh_shares", stdout=said)

    assert said.getvalue().startswith("plots 0, shares 0, through revision")


corner = st.integers(0, SPAN - 8)
rectangles = st.builds(
    lambda west, south, wide, high: (west, south, west + wide, south + high),
    corner, corner, st.integers(3, 30), st.integers(3, 30),
)  # fmt: skip
edits = st.lists(
    st.one_of(
        st.tuples(st.just("plot"), rectangles),
        st.tuples(st.just("plan"), rectangles, st.sampled_from(list(PlanLevel))),
        st.tuples(st.just("adjust"), rectangles, st.integers(1, 9)),
        st.tuples(st.just("redraw"), rectangles, st.integers(0, 9)),
        st.tuples(st.just("refresh")),
    ),
    min_size=3,
    max_size=8,
)


class _Undo(Exception):
    """Ends an example without a trace in the database."""


class City:
    """Carries out edits as people do, and remembers the plots."""

    def __init__(self):
        self.office, self.register = Office(), Register()
        self.plots = []
        self.plans = []

    def plot(self, rectangle):
        self.plots.append(self.register.parcel(str(len(self.plots) + 1), box(*rectangle)))

    def plan(self, rectangle, level):
        code = f"P{len(self.plans) + 1}"
        self.office.in_force(code, box(*rectangle), halves(*rectangle), level=level)
        self.plans.append((code, level))

    def adjust(self, rectangle, which):
        if not self.plans:
            return
        code, level = self.plans[which % len(self.plans)]
        self.office.in_force(
            code,
            box(*rectangle),
            halves(*rectangle),
            level=level,
            adjustment=Adjustment.LOCAL,
            valid_from=dt.date(2026, 6, 1),
        )

    def redraw(self, rectangle, which):
        """A delivery gives a plot another boundary."""
        if not self.plots:
            return
        plot = self.plots[which % len(self.plots)]
        old = ParcelVersion.objects.known_now().get(parcel_id=plot)
        with Revision.open(by=None, why="redraw") as revision:
            ParcelVersion.objects.filter(pk=old.pk).close(revision)
        self.register.version(plot, old.number, box(*rectangle))

    def refresh(self):
        refresh_shares()


@pytest.mark.django_db
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=edits)
def test_stored_and_fresh_answers_are_the_same_after_any_history(history):
    with pytest.raises(_Undo), transaction.atomic():
        functions()
        codes_of_land_use()
        city = City()
        city.plot((10, 10, 30, 30))
        for what, *values in history:
            getattr(city, what)(*values)
            for plot in city.plots:
                assert said(plot, use_shares=True) == said(plot, use_shares=False)
        numbers = list(Revision.objects.order_by("number").values_list("number", flat=True))
        for plot in city.plots[:1]:
            for known_at in numbers[::-2]:
                if not ParcelVersion.objects.known_at(known_at).filter(parcel_id=plot).exists():
                    continue
                for as_of in (dt.date(2026, 3, 1), TODAY):
                    asked = {"known_at": known_at, "as_of": as_of}
                    stored = said(plot, use_shares=True, **asked)
                    assert stored == said(plot, use_shares=False, **asked)
        raise _Undo
