"""The change feed: what it tells between two revisions, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import shapely
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landdata.models import Revision, RoadSegment
from tests.ground import DAY, LATER, add_parcel, close_parcel, shape, source_file, square
from tests.tileserver.test_layers import add_land_use_code
from tileserver.changes import Change, ChangedFeature, Place, Row, changes
from tileserver.layers import BY_ID, LAYERS

if TYPE_CHECKING:
    import datetime as dt

pytestmark = pytest.mark.django_db

ROADS = BY_ID["roads"]
AXIS = shape(shapely.LineString([(590000, 2325000), (590040, 2325000)]))
FIRST_DAYS = (DAY, LATER)


@dataclass
class Known:
    """A row as the oracle remembers it."""

    key: str
    row: int
    opened: int
    valid_from: dt.date
    valid_to: dt.date | None
    closed: int | None = None

    def is_known_at(self, revision: int) -> bool:
        return self.opened <= revision and (self.closed is None or self.closed > revision)


class History:
    """Streets that come, change and go, in the database and in the oracle's memory."""

    def __init__(self) -> None:
        self.rows: list[Known] = []
        # The file's own row must be there before the first revision.
        source_file()
        self.first = Revision.objects.count()
        self.revision = self.first

    def revise(self, steps: list[tuple[str, str, int]]) -> None:
        """Do all steps (what, key, which first day) in one revision."""
        with Revision.open(by=None, why="test") as revision:
            self.revision = revision.number
            for what, key, first_day in steps:
                mine = [r for r in self.rows if r.key == key and r.closed is None]
                if what in ("close", "replace"):
                    for known in mine:
                        self._close(known)
                if what in ("open", "replace"):
                    self._open(key, FIRST_DAYS[first_day])

    def _close(self, known: Known) -> None:
        # Nobody sees a row that the same revision opens and closes, and the database refuses it.
        if known.opened == self.revision:
            return
        RoadSegment.objects.filter(pk=known.row).update(to_revision=self.revision)
        known.closed = self.revision

    def _open(self, key: str, first_day: dt.date) -> None:
        row = RoadSegment.objects.create(
            source_key=key,
            road_class="residential",
            axis=AXIS.stored,
            axis_3857=AXIS.mercator,
            source_file=source_file(),
            source_row=0,
            valid_from=first_day,
            from_revision=self.revision,
        )
        self.rows.append(Known(key, row.pk, self.revision, first_day, None))

    def expected(self, since: int, through: int) -> list[ChangedFeature]:
        """Compare what was known at both revisions, identity by identity."""
        found = []
        for key in {row.key for row in self.rows}:
            mine = [row for row in self.rows if row.key == key]
            then = [row for row in mine if row.is_known_at(since)]
            now = [row for row in mine if row.is_known_at(through)]
            gone = [row for row in then if row not in now]
            come = [row for row in now if row not in then]
            if not gone and not come:
                continue
            events = [row.closed or 0 for row in gone] + [row.opened for row in come]
            one_side = Change.ADDED if now else Change.WITHDRAWN
            change = Change.CHANGED if then and now else one_side
            found.append(
                ChangedFeature(
                    id=f"roads.ground.{key}",
                    change=change,
                    revision=max(events),
                    before=as_rows(gone, through),
                    after=as_rows(come, through),
                )
            )
        return sorted(found, key=lambda feature: feature.id)


def as_rows(known: list[Known], through: int) -> tuple[Row, ...]:
    return tuple(
        Row(
            r.opened,
            r.closed if r.closed is not None and r.closed <= through else None,
            r.valid_from,
            r.valid_to,
        )
        for r in sorted(known, key=lambda r: (r.valid_from, r.row))
    )


def all_pages(since: int, through: int | None, look_at: int) -> list[ChangedFeature]:
    """Follow `next` to the end; what comes out stands in the order of revisions."""
    told: list[ChangedFeature] = []
    at: Place | None = None
    while True:
        page = changes(ROADS, since=since, through=through, after=at, look_at=look_at)
        told += page.changes
        if page.next is None:
            break
        assert at is None or (page.next.revision, page.next.row) > (at.revision, at.row)
        at, through = page.next, page.through
    revisions = [feature.revision for feature in told]
    assert revisions == sorted(revisions)
    return told


STEP = st.tuples(
    st.sampled_from(["open", "close", "replace"]), st.sampled_from("abcd"), st.integers(0, 1)
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    history=st.lists(st.lists(STEP, max_size=4), min_size=1, max_size=7),
    look_at=st.sampled_from([1, 2, 3, 100]),
)
def test_any_pair_of_revisions_tells_the_net_effect(history, look_at):
    with transaction.atomic():
        past = History()
        for steps in history:
            past.revise(steps)

        for since in range(past.first, past.revision + 1):
            for through in range(since, past.revision + 1):
                told = all_pages(since, through, look_at)

                assert sorted(told, key=lambda f: f.id) == past.expected(since, through)
        transaction.set_rollback(True)


def test_a_row_closed_and_reopened_in_one_revision_is_a_change():
    past = History()
    past.revise([("open", "a", 0)])
    past.revise([("replace", "a", 1)])

    (told,) = all_pages(past.first + 1, None, 100)

    assert told == ChangedFeature(
        id="roads.ground.a",
        change=Change.CHANGED,
        revision=past.first + 2,
        before=(Row(past.first + 1, past.first + 2, DAY, None),),
        after=(Row(past.first + 2, None, LATER, None),),
    )


def test_what_was_added_and_withdrawn_in_between_is_not_told():
    past = History()
    past.revise([("open", "a", 0)])
    past.revise([("close", "a", 0)])

    assert all_pages(past.first, None, 100) == []
    assert [f.change for f in all_pages(past.first, past.first + 1, 100)] == [Change.ADDED]
    assert [f.change for f in all_pages(past.first + 1, None, 100)] == [Change.WITHDRAWN]


def test_an_answer_stays_the_same_whatever_is_edited_afterwards():
    past = History()
    past.revise([("open", "a", 0), ("open", "b", 0)])
    past.revise([("replace", "a", 0)])
    through = past.revision
    before = all_pages(past.first, through, 1)

    past.revise([("close", "a", 0), ("replace", "b", 1), ("open", "c", 0)])

    assert all_pages(past.first, through, 1) == before


def test_rows_of_the_register_tell_their_parcel_by_its_lasting_identifier(client):
    version = add_parcel("7", square(590000, 2325000))
    since = version.from_revision
    close_parcel(version)

    answer = client.get(f"/api/layers/parcels/changes?since={since}").json()

    assert answer["changes"] == [
        {
            "id": f"parcels.{version.parcel_id}",
            "change": "withdrawn",
            "revision": since + 1,
            "before": [
                {
                    "from_revision": since,
                    "to_revision": since + 1,
                    "valid_from": "2026-01-01",
                    "valid_to": None,
                }
            ],
            "after": [],
        }
    ]
    assert answer["through"] == since + 1
    assert answer["next"] is None


def test_the_next_link_leads_on_at_the_same_two_revisions(client):
    past = History()
    past.revise([("open", key, 0) for key in "abc"])
    told = []
    address = f"/api/layers/roads/changes?since={past.first}&limit=2"

    while address:
        answer = client.get(address).json()
        told += [change["id"] for change in answer["changes"]]
        address = answer["next"]
        # Somebody goes on editing.
        past.revise([("open", f"later-{len(told)}", 0)])

    assert told == [f"roads.ground.{key}" for key in "abc"]
    assert answer["through"] == past.first + 1


def test_a_change_of_codes_that_a_layer_takes_names_from_is_said(client):
    since = Revision.objects.count()
    assert not client.get(f"/api/layers/zones/changes?since={since}").json()["joined_changed"]

    add_land_use_code("ONT", "#ffccaa")

    assert client.get(f"/api/layers/zones/changes?since={since}").json()["joined_changed"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("since=99", 404, "revision"),
        ("since=0&through=99", 404, "revision"),
        ("since=2&through=1", 422, "changes_backwards"),
        ("since=1&through=2&after=1.5", 422, "feature_page_unknown"),
        ("since=-1", 422, "parameter_unreadable"),
        ("since=4294967296", 422, "parameter_unreadable"),
        ("since=0&limit=0", 422, "parameter_unreadable"),
        ("since=0&limit=10001", 422, "parameter_unreadable"),
        ("since=0&after=1%00.2", 422, "parameter_unreadable"),
        ("", 422, "parameter_unreadable"),
    ],
)
def test_what_cannot_be_answered_is_refused(client, query, status, code):
    past = History()
    past.revise([])
    past.revise([])

    answer = client.get(f"/api/layers/roads/changes?{query}")

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_unknown_layer_is_missing(client):
    assert client.get("/api/layers/nothing/changes?since=0").status_code == 404


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_every_layer_has_a_feed(layer):
    assert changes(layer, since=0).changes == ()


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_rows_of_every_layer_are_found_by_revision(layer):
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT array_agg(DISTINCT i.indexdef)
            FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
            JOIN pg_class t ON t.oid = d.refobjid AND t.relkind = 'r'
            JOIN pg_indexes i ON i.tablename = t.relname
            WHERE r.ev_class = %s::regclass
            """,
            [layer.view],
        )
        indexes = cursor.fetchone()[0] or []

    assert any("(from_revision, id)" in index for index in indexes)
    assert any("(to_revision, id)" in index for index in indexes)
