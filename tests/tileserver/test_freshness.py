"""Whether a kept picture still holds: the memory of a serving process against the database."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import os
from typing import Any

import psycopg2
import pytest
import shapely
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from landdata.models import ParcelVersion
from tests.ground import add_parcel, add_road, close_parcel, shape, square
from tests.tileserver.serving import known_up_to, until
from tileserver import freshness, listening
from tileserver.cache import Edition
from tileserver.layers import BY_ID, LAYERS
from tileserver.listening import KEPT_AREAS, Listener

HOME = square(590_000, 2_325_000)


def box(ground=HOME, *, wider_m: float = 0.0):
    west, south, east, north = ground.extent
    return (west - wider_m, south - wider_m, east + wider_m, north + wider_m)


@pytest.mark.django_db
def test_a_change_that_touches_the_box_ends_a_picture_and_no_other():
    add_parcel("45", HOME)
    shown = freshness.newest()

    add_parcel("46", square(590_020, 2_325_000))

    now = freshness.newest()
    assert not freshness.holds(["parcels"], box(wider_m=1), shown, now)
    assert freshness.holds(["parcels"], box(square(590_100, 2_325_000)), shown, now)
    assert freshness.holds(["roads"], box(wider_m=1), shown, now)
    assert not freshness.holds(["roads", "parcels"], box(wider_m=1), shown, now)


@pytest.mark.django_db
def test_a_picture_of_another_history_does_not_hold():
    add_parcel("45", HOME)
    shown = freshness.newest()
    add_road("x", shape(shapely.LineString([(591_000, 2_325_000), (591_009, 2_325_000)])))

    other = Edition(shown.revision, shown.made_at_us + 1)

    assert not freshness.holds(["parcels"], box(), other, freshness.newest())


def test_a_serving_process_judges_without_asking(serving):
    version = add_parcel("45", HOME)
    shown = known_up_to(serving, version.from_revision).newest
    version = add_parcel("46", square(590_020, 2_325_000))
    known_up_to(serving, version.from_revision)

    with CaptureQueriesContext(connection) as asked:
        now = freshness.newest()
        near = freshness.holds(["parcels"], box(wider_m=1), shown, now)
        far = freshness.holds(["parcels"], box(square(590_100, 2_325_000)), shown, now)
        freshness.last_change(BY_ID["parcels"], now, timezone.localdate())

    assert (near, far, len(asked)) == (False, True, 0)


def test_a_change_taken_back_is_never_known(serving):
    first = add_parcel("45", HOME)
    known_up_to(serving, first.from_revision)
    with transaction.atomic():
        add_parcel("46", HOME)
        transaction.set_rollback(True)
    second = add_parcel("47", square(591_000, 2_325_000))

    known = known_up_to(serving, second.from_revision)

    assert known.newest == freshness.newest()
    assert len(known.areas["parcels"].revisions) == 2


def ended_by_the_server() -> int:
    """End the listeners' connections, as a server that goes down does."""
    database = connection.settings_dict["NAME"]
    administrator = psycopg2.connect(os.environ["DIADO_TEST_ADMIN_DATABASE_URL"], dbname=database)
    with contextlib.closing(administrator), administrator.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'diado-listening' AND datname = current_database()"
        )
        return len(cursor.fetchall())


def test_a_broken_connection_is_made_again_and_nothing_is_missed(serving, monkeypatch):
    monkeypatch.setattr(listening, "CONNECT_AGAIN_S", 3)
    version = add_parcel("45", HOME)
    shown = known_up_to(serving, version.from_revision).newest

    assert ended_by_the_server() == 1
    until(lambda: serving.known is None)
    version = add_parcel("46", square(590_020, 2_325_000))

    # Nobody listens, so the database is asked.
    assert serving.known is None
    assert freshness.newest().revision == version.from_revision
    assert not freshness.holds(["parcels"], box(wider_m=1), shown, freshness.newest())
    known = known_up_to(serving, version.from_revision)
    assert len(known.areas["parcels"].revisions) == 2


def test_what_was_not_found_current_for_long_is_not_believed(serving):
    until(lambda: serving.known)
    serving.stop()

    until(lambda: serving.known is None)

    assert freshness.newest() == Edition(0, 0)


def test_a_revision_that_nobody_said_is_found_all_the_same(serving):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE landdata_revision DISABLE TRIGGER landdata_revision_said")
    try:
        version = add_parcel("45", HOME)
        known_up_to(serving, version.from_revision)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE landdata_revision ENABLE TRIGGER landdata_revision_said")


def test_a_database_put_back_to_an_older_state_is_read_anew(serving):
    for number in range(3):
        last = add_parcel(str(number), HOME)
    gone = known_up_to(serving, last.from_revision).newest
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE landdata_revision CASCADE")
    until(lambda: (known := serving.known) and known.newest != gone)

    version = add_parcel("45", HOME)

    known = known_up_to(serving, version.from_revision)
    assert len(known.areas["parcels"].revisions) == 1
    assert not freshness.holds(["parcels"], box(), gone, known.newest)


def test_memory_is_bounded_and_of_what_was_forgotten_the_database_is_asked(serving, monkeypatch):
    monkeypatch.setattr(listening, "KEPT_AREAS", 4)
    first = add_parcel("0", HOME)
    shown = known_up_to(serving, first.from_revision).newest
    for number in range(1, 12):
        version = add_parcel(str(number), square(590_000 + 100 * number, 2_325_000))
        known = known_up_to(serving, version.from_revision)
        assert sum(len(kept.revisions) for kept in known.areas.values()) <= 4

    assert known.since > shown.revision
    assert freshness.holds(["parcels"], box(), shown, freshness.newest())
    assert not freshness.holds(["parcels"], box(wider_m=90), shown, freshness.newest())


def test_a_memory_begun_late_is_bounded_too(transactional_db, monkeypatch):
    monkeypatch.setattr(listening, "KEPT_AREAS", 4)
    for number in range(8):
        version = add_parcel(str(number), square(590_000 + 100 * number, 2_325_000))
    listener = Listener("public")
    listener.start()

    known = known_up_to(listener, version.from_revision)
    listener.stop()

    assert known.since == version.from_revision - 3
    assert known.areas["parcels"].revisions.tolist() == [known.since + n for n in (1, 2, 3)]
    assert KEPT_AREAS > 4


#: Of plots and roads. They stay from one example to the next, and no two may have the same.
NUMBERS = itertools.count(1_000)
PLACES = st.tuples(st.integers(0, 12), st.integers(0, 12))


def edit(kind: str, east: float, north: float, number: int) -> None:
    if kind == "parcels":
        add_parcel(f"{number}", square(east, north))
    elif kind == "roads":
        axis = shapely.LineString([(east, north), (590_000, 2_325_300)])
        add_road(f"{number}", shape(axis))
    elif (standing := ParcelVersion.objects.known_now().first()) is not None:
        close_parcel(standing)


@hypothesis_settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    edits=st.lists(st.tuples(st.sampled_from(["parcels", "roads", "close"]), PLACES), max_size=8),
    asked=st.lists(PLACES, min_size=1, max_size=6),
)
def test_memory_and_database_judge_alike(listener, edits, asked):
    """Over random edits, of pictures of each edition there was."""
    editions = []
    for kind, (east, north) in edits:
        edit(kind, 590_000 + 30 * east, 2_325_000 + 30 * north, next(NUMBERS))
        editions.append(freshness.newest())
    newest = freshness.newest()
    known = known_up_to(listener, newest.revision)
    boxes = [box(square(590_000 + 30 * e, 2_325_000 + 30 * n, 45)) for e, n in asked]

    for layers, shown in itertools.product((["parcels"], ["roads", "parcels"]), editions):
        expected = freshness.hold_many(layers, boxes, [shown] * len(boxes), newest)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(listening, "known", lambda: known)
            found = freshness.hold_many(layers, boxes, [shown] * len(boxes), newest)
        assert found == expected


@pytest.mark.django_db
def test_an_edit_that_holds_at_once_waits_for_no_day():
    today = timezone.localdate()
    before = freshness.last_change(BY_ID["parcels"], freshness.newest(), today)

    add_parcel("45", HOME, valid_from=today)

    assert freshness.last_change(BY_ID["parcels"], freshness.newest(), today) == before


@pytest.mark.parametrize("end", ["valid_from", "valid_to"])
def test_a_day_to_come_is_waited_for_in_memory_as_in_the_database(serving, end):
    today = timezone.localdate()
    day = today + dt.timedelta(days=3)
    dates: dict[str, Any] = {"valid_from": today, end: day}
    version = add_parcel("45", HOME, **dates)
    known_up_to(serving, version.from_revision)
    layer, now = BY_ID["parcels"], freshness.newest()

    def named(on: dt.date) -> set[str]:
        freshness._asked_last_change.cache_clear()
        return {
            freshness.last_change(layer, now, on),
            freshness._asked_last_change(layer.id, now, on),
        }

    assert named(day - dt.timedelta(days=1)) == {"never"}
    assert named(day) == named(day + dt.timedelta(days=9)) == {f"{day:%Y%m%d}"}
    # A clock set back before the newest edition.
    past = today - dt.timedelta(days=1)
    assert named(past) == {f"{past:%Y%m%d}-only"}


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
@pytest.mark.django_db
def test_changes_are_noted_of_all_that_a_layer_reads(layer):
    """Each table with times of its own has a trigger that notes under the name listened to."""
    for view, name in zip((layer.view, *layer.also_reads), layer.noted_as, strict=True):
        with connection.cursor() as cursor:
            cursor.execute(_TABLES, [view])
            tables = [table for (table,) in cursor.fetchall() if table not in _NEVER_ALONE]
            assert tables or view != layer.view
            for table in tables:
                cursor.execute(_NOTED, [f"public.{table}"])
                noted = {bytes(given).split(b"\0")[0].decode() for (given,) in cursor.fetchall()}
                assert name in noted, table


#: Their rows come and go with those of another table of the view, which is noted.
_NEVER_ALONE = {"planning_availablesite", "planning_corridorrule"}
_TABLES = """
    SELECT DISTINCT u.table_name FROM information_schema.view_table_usage u
    JOIN information_schema.columns c USING (table_schema, table_name)
    WHERE u.view_name = %s AND c.column_name = 'to_revision'
"""
_NOTED = """
    SELECT tgargs FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid = %s::regclass AND p.proname = 'diado_note_changes'
"""
