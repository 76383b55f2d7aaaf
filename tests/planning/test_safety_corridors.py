"""Corridors drawn beforehand are those of the engine, on the days on which they hold."""

from __future__ import annotations

import datetime as dt

import pytest
import shapely
from django.db import connection
from django_tasks_db.models import DBTaskResult

from landdata.errors import Forbidden
from landdata.geometry import to_shapely
from landdata.models import ChangedArea, PowerLine, Revision, RoadSegment
from planning.corridors import ObjectKind, SourceObject, corridors_of
from planning.extract.layers import OBJECTS
from planning.models import CorridorRule, SafetyCorridor
from planning.operations.corridor_rules import Decided, change_corridor_rule
from planning.operations.safety_corridors import SIMPLIFIED_M, refresh_corridors
from tests.planning import city
from tests.planning import ground as things
from tests.planning.city import EAST, NORTH, box

pytestmark = pytest.mark.django_db

LINE_FROM = dt.date(2026, 7, 1)
NEW_YEAR = dt.date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _rules(db):
    things.rules()


def line(key="L1", **values):
    given = {"outer_conductor_m": 3.0, "valid_from": LINE_FROM}
    return things.power_line(key, (0, 0), (100, 0), **{**given, **values})


def rows(**which):
    return list(
        SafetyCorridor.objects.known_now()
        .filter(**which)
        .select_related("rule_row")
        .order_by("object", "source_key", "rule_row__rule", "part", "valid_from")
    )


def of_rule(rule, **which):
    return rows(rule_row__rule=rule, **which)


def test_a_line_of_110_kv_keeps_4_m_beyond_its_outer_conductor():
    line()

    refresh_corridors()

    (row,) = of_rule("power_110_kv")
    assert (row.part, row.object, row.source_key) == ("certain", "power_line", "L1")
    assert (row.reach_left_m, row.reach_right_m, row.doubts) == (7, 7, [])
    assert (row.valid_from, row.valid_to) == (LINE_FROM, None)
    # 100 m long, 3 m to the conductor and 4 m beyond it on each side, and two half discs.
    shape = to_shapely(row.boundary)
    assert shape.bounds == pytest.approx(
        (EAST - 7, NORTH - 7, EAST + 107, NORTH + 7), abs=SIMPLIFIED_M + 0.01
    )
    assert shape.area == pytest.approx(100 * 14 + 3.14159 * 49, rel=0.01)


def test_what_is_not_recorded_leaves_an_uncertain_part_of_its_own():
    line(outer_conductor_m=None)

    refresh_corridors()

    certain, uncertain = of_rule("power_110_kv")
    assert (certain.part, uncertain.part) == ("certain", "uncertain")
    assert "outer_conductor_m_unknown" in uncertain.doubts
    one, other = to_shapely(certain.boundary), to_shapely(uncertain.boundary)
    assert one.intersection(other).area < SIMPLIFIED_M * one.length
    assert one.area == pytest.approx(100 * 8 + 3.14159 * 16, rel=0.01)


def test_a_rule_that_ends_at_new_year_changes_the_map_by_itself():
    things.railway("R1", (0, 0), (100, 0), valid_from=LINE_FROM)

    refresh_corridors()

    # 20 m to houses until 2026-12-31 (QCVN 01:2021), then only the nearest rule in time is left.
    before, after = of_rule("rail_house")
    assert (before.part, before.valid_from, before.valid_to) == ("certain", LINE_FROM, NEW_YEAR)
    assert (after.part, after.valid_from, after.valid_to) == ("uncertain", NEW_YEAR, None)
    assert after.doubts == ["no_rule_on_day"]


def test_days_on_which_other_rules_change_do_not_part_a_corridor():
    line()

    refresh_corridors()

    # The same line has a distance to houses (from 2025) and none that ends.
    assert {(row.valid_from, row.valid_to) for row in rows()} == {(LINE_FROM, None)}


def test_an_object_of_the_past_has_its_corridor_on_its_days_only():
    line(valid_to=dt.date(2026, 10, 1))

    refresh_corridors()

    assert [(row.valid_from, row.valid_to) for row in of_rule("power_110_kv")] == [
        (LINE_FROM, dt.date(2026, 10, 1))
    ]


def test_the_shapes_are_those_that_a_plot_is_measured_by():
    line()
    things.railway("R1", (0, 300), (100, 340), (180, 300), valid_from=LINE_FROM)
    things.dyke("D1", (0, 600), (100, 640), (200, 600), valid_from=LINE_FROM, grade="III")
    things.hazard_site("H1", box(900, 0, 950, 40), kind="cemetery", valid_from=LINE_FROM)

    refresh_corridors()

    on = dt.date(2026, 11, 21)
    rules = [row.as_rule() for row in CorridorRule.objects.known_now().order_by("pk")]
    seen = 0
    for row in SafetyCorridor.objects.known_now().valid_on(on).select_related("rule_row"):
        source = _source(row)
        (wanted,) = [
            getattr(corridor, row.part)
            for corridor in corridors_of(source, rules, on=on)
            if (corridor.rule.id, corridor.rule.measure)
            == (row.rule_row.rule, row.rule_row.measure)
        ]
        shape = to_shapely(row.boundary)
        assert shapely.hausdorff_distance(shape.boundary, wanted.boundary) < SIMPLIFIED_M + 0.001
        seen += 1
    assert seen >= 6


def _source(row):
    (layer,) = [layer for layer in OBJECTS if layer.name == row.object]
    columns = ", ".join(layer.columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ST_AsBinary({layer.shape}), {columns} FROM {layer.view} WHERE id = %s",
            [row.object_row],
        )
        shape, *values = cursor.fetchone()
    given = dict(zip(layer.columns, values, strict=True))
    return SourceObject(
        ObjectKind(row.object), row.object_row, row.source_key, "", "",
        shapely.from_wkb(bytes(shape)), given,
    )  # fmt: skip


def test_lanes_have_none_and_distances_between_two_objects_are_left_out():
    things.road("S1", (0, 0), (100, 0), technical_class="lane", valid_from=LINE_FROM)
    things.hazard_site("P1", box(500, 0, 520, 20), kind="petrol_station", valid_from=LINE_FROM)
    line()

    refresh_corridors()

    assert {row.source_key for row in rows()} == {"L1"}


def test_a_second_round_makes_no_revision():
    line()
    first = refresh_corridors()
    revisions = Revision.objects.count()

    second = refresh_corridors()

    assert (first.opened, first.revision) == (len(rows()), revisions)
    assert (second.opened, second.closed, second.kept) == (0, 0, first.opened)
    assert second.revision is None
    assert Revision.objects.count() == revisions


def test_only_the_corridors_of_what_changed_are_written_again():
    moved, still = line("L1"), line("L2", voltage_kv=220.0)
    refresh_corridors()
    kept = {row.pk for row in rows(source_key="L2")}
    with Revision.open(by=None, why="move") as revision:
        PowerLine.objects.filter(pk=moved.pk).close(revision)
    things.power_line("L1", (0, 50), (100, 50), outer_conductor_m=3.0, valid_from=LINE_FROM)
    before = Revision.objects.count()

    redrawn = refresh_corridors()

    assert {row.pk for row in rows(source_key="L2")} == kept
    assert still.pk in {row.object_row for row in rows()}
    assert redrawn.opened == redrawn.closed == len(rows(source_key="L1"))
    # Both where it was and where it is.
    areas = ChangedArea.objects.filter(layer="safety_corridors", revision__gt=before)
    assert (
        min(a.extent_3857.extent[1] for a in areas)
        < max(a.extent_3857.extent[1] for a in areas) - 50
    )
    old = SafetyCorridor.objects.known_at(before).filter(source_key="L1")
    assert {row.object_row for row in old} == {moved.pk}


def test_a_decision_from_new_year_on_is_drawn_from_new_year_on():
    line()
    refresh_corridors()
    boss = city.person("boss")

    with pytest.raises(Forbidden):
        change_corridor_rule(
            Decided("power_110_kv", 1, "1/QĐ", NEW_YEAR, figure_m=10), on=LINE_FROM, by=boss
        )
    change_corridor_rule(
        Decided("power_110_kv", 1, "1/QĐ", NEW_YEAR, figure_m=10), on=LINE_FROM, by=None
    )
    refresh_corridors()

    assert [
        (row.reach_left_m, row.valid_from, row.valid_to) for row in of_rule("power_110_kv")
    ] == [
        (7, LINE_FROM, NEW_YEAR),
        (13, NEW_YEAR, None),
    ]


def test_a_change_of_a_rule_puts_a_round_in_the_queue_once():
    DBTaskResult.objects.all().delete()

    for figure in (10, 11):
        change_corridor_rule(
            Decided("power_110_kv", 1, f"{figure}/QĐ", NEW_YEAR, figure_m=figure),
            on=LINE_FROM,
            by=None,
        )

    (task,) = DBTaskResult.objects.all()
    assert task.task_path.endswith("refresh_safety_corridors")


def test_an_object_that_is_gone_takes_its_corridors_along():
    road = things.road("S1", (0, 0), (100, 0), technical_class="III", valid_from=LINE_FROM)
    refresh_corridors()
    assert rows(object="road")

    with Revision.open(by=None, why="gone") as revision:
        RoadSegment.objects.filter(pk=road.pk).close(revision)
    refresh_corridors()

    assert rows(object="road") == []
