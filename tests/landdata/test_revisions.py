"""Two times: what was answered once is answered for ever."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction

from landdata.models import LandUseCode, Revision

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 1, 1)


def add(revision: Revision, code: str, *, name: str = "Đất ở", valid_from: dt.date = DAY):
    return LandUseCode.objects.create(
        code=code,
        name_vi=name,
        name_en="",
        group="",
        status="",
        source="",
        confidence="",
        valid_from=valid_from,
        from_revision=revision.number,
    )


def test_the_first_revision_is_one_and_the_next_is_two():
    with Revision.open(by=None, why="a") as first:
        pass
    with Revision.open(by=None, why="b") as second:
        pass

    assert (first.number, second.number) == (1, 2)


def test_a_row_outside_an_open_revision_is_refused():
    with Revision.open(by=None, why="a") as revision:
        pass

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        add(revision, "ODT")


def test_a_row_is_closed_once_and_then_never_changes():
    with Revision.open(by=None, why="a") as first:
        add(first, "ODT")
    with Revision.open(by=None, why="b") as second:
        assert LandUseCode.objects.filter(code="ODT").close(second) == 1

    with (
        pytest.raises(DatabaseError, match="append-only"),
        Revision.open(by=None, why="c") as third,
    ):
        LandUseCode.objects.filter(code="ODT").close(third)


@pytest.mark.parametrize("change", ["update", "delete"])
def test_a_row_is_neither_changed_in_place_nor_deleted(change):
    with Revision.open(by=None, why="a") as first:
        add(first, "ODT")

    with (
        pytest.raises(DatabaseError, match="append-only"),
        Revision.open(by=None, why="b"),
    ):
        rows = LandUseCode.objects.filter(code="ODT")
        rows.update(name_vi="khác") if change == "update" else rows.delete()


def test_a_rolled_back_revision_leaves_no_gap():
    class Stop(Exception):
        pass

    with pytest.raises(Stop), Revision.open(by=None, why="a"):
        raise Stop
    with Revision.open(by=None, why="b") as revision:
        pass

    assert revision.number == 1


@pytest.mark.django_db(transaction=True)
def test_numbers_follow_commit_order_under_concurrent_writers():
    """Each writer notes the order in which commits became visible to a reader."""
    commits: list[int] = []
    guard = threading.Lock()
    start = threading.Barrier(8)

    def write() -> None:
        start.wait()
        for _ in range(5):
            with transaction.atomic():
                with Revision.open(by=None, why="w") as revision:
                    pass
                # Still inside the transaction: nobody may overtake until it is committed.
                with guard:
                    commits.append(revision.number)
        connections.close_all()

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    seen: list[int] = []
    while any(w.is_alive() for w in writers):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), coalesce(max(number), 0) FROM landdata_revision")
            count, highest = cursor.fetchone()
        # A gap would mean that a higher number was visible before a lower one.
        assert count == highest
        seen.append(highest)
    for writer in writers:
        writer.join()

    assert commits == list(range(1, 41))
    assert seen == sorted(seen)
