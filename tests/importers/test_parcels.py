"""Deliveries of parcels, from the file to the register."""

from __future__ import annotations

import datetime as dt
import json
import re
import stat
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import Role, User
from accounts.operations import assign_role
from fixtures.city.text import encode_tcvn3
from fixtures.samples import make
from fixtures.samples.make import parcel, square
from importers.models import ImportIssue, ImportRun
from landdata import crs
from landdata.models import (
    CadastralSheet,
    ChangedArea,
    Parcel,
    ParcelLandUse,
    ParcelVersion,
    Revision,
    SourceFile,
)
from tests.importers.conftest import DATA_DATE

pytestmark = pytest.mark.django_db
LATER = dt.date(2026, 6, 1)


def current(number: str = "1", **where) -> Any:
    """Return the row that holds a number now; typed loosely, since a test knows what it made."""
    return ParcelVersion.objects.known_now().get(valid_to=None, number=number, **where)


def counts(**given: int) -> dict[str, int]:
    return {"read": 0, "new": 0, "changed": 0, "unchanged": 0, "refused": 0, **given}


def everything() -> dict[str, int]:
    tables = (Parcel, ParcelVersion, ParcelLandUse, CadastralSheet, Revision, SourceFile)
    return {t.__name__: t.objects.count() for t in (*tables, ChangedArea, ImportRun, ImportIssue)}


def test_a_delivery_comes_in_as_it_was_sent(run):
    result = run("plain")

    row = current("2")
    assert result.status == 0
    assert result.counts == counts(read=3, new=3)
    assert (row.sheet.unit_code, row.sheet.number, row.sheet.scale) == ("00004", "12", 500)
    assert (row.sheet.epsg, row.unit_code, row.address) == (5897, "00004", "So 2")
    assert row.boundary.extent == (587_120.0, 2_325_100.0, 587_130.0, 2_325_110.0)
    assert (row.legal_area_m2, row.geometry_state, row.is_disputed) == (100, "valid", False)
    assert (row.valid_from, row.valid_to, row.source_row) == (DATA_DATE, None, 1)
    assert [use.code for use in row.land_uses.all()] == ["ODT"]


def test_the_drawn_copy_lies_where_the_pinned_systems_put_it(run):
    run("plain")

    corner = current("1").boundary_3857[0][0][0]

    east, north = crs.transformer(5897, 3857).transform(587_110.0, 2_325_100.0)
    assert corner == pytest.approx((east, north), abs=1e-3)


def test_the_same_file_twice_changes_nothing(run):
    run("plain")
    before = everything()

    result = run("plain")

    assert (result.status, result.counts) == (0, counts(read=3, unchanged=3))
    assert everything() == {**before, "ImportRun": before["ImportRun"] + 1}
    assert result.report["revision"] is None


def test_a_dry_run_counts_and_writes_nothing(run):
    before = everything()

    result = run("plain", "--dry-run")

    assert result.counts == counts(read=3, new=3)
    assert everything() == before
    assert list(settings.RECEIVED.iterdir()) == []


def test_the_received_file_is_kept_for_its_owner_only(run):
    result = run("plain")

    folder = settings.RECEIVED / result.report["file"]["sha256"]
    kept = folder / "parcels.shp"
    assert kept.read_bytes() == (make.HERE / "plain" / "parcels.shp").read_bytes()
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(settings.RECEIVED.stat().st_mode) == 0o700
    assert SourceFile.objects.get().stored_as == f"{folder.name}/parcels.shp"


def test_a_changed_parcel_holds_from_the_day_of_the_data_on(run, delivery):
    run(delivery(parcel(1), parcel(2)))
    before = current("1")

    result = run(delivery(parcel(1, DTPHAPLY="120.0"), parcel(2)), "--data-date", LATER.isoformat())

    rows: Any = (
        ParcelVersion.objects.known_now().filter(parcel=before.parcel).order_by("valid_from")
    )
    assert result.counts == counts(read=2, changed=1, unchanged=1)
    assert [(r.valid_from, r.valid_to, r.legal_area_m2) for r in rows] == [
        (DATA_DATE, LATER, 100),
        (LATER, None, 120),
    ]
    assert [[u.code for u in r.land_uses.all()] for r in rows] == [["ODT"], ["ODT"]]
    known_then: Any = ParcelVersion.objects.known_at(before.from_revision).get(parcel=before.parcel)
    assert (known_then.legal_area_m2, known_then.valid_to) == (100, None)


def test_data_of_the_same_day_correct_what_was_written(run, delivery):
    run(delivery(parcel(1)))

    run(delivery(parcel(1, DIACHI="So 1A")))

    row = ParcelVersion.objects.known_now().get()
    assert (row.address, row.valid_from, row.valid_to) == ("So 1A", DATA_DATE, None)
    assert ParcelVersion.objects.count() == 2


def test_data_older_than_what_is_known_replace_it_and_say_so(run, delivery):
    run(delivery(parcel(1)), "--data-date", LATER.isoformat())

    result = run(delivery(parcel(1, DTPHAPLY="101.0")))

    assert result.issues["older_than_known"] == [0]
    row = ParcelVersion.objects.known_now().get()
    assert (row.valid_from, row.legal_area_m2) == (LATER, Decimal(101))


def test_a_moved_corner_is_a_change(run, delivery):
    run(delivery(parcel(1)))
    moved = [(e + 0.001 * (e > 587_115), n) for e, n in square(1)]

    result = run(delivery(parcel(1, rings=[moved])))

    assert result.counts == counts(read=1, changed=1)


def test_a_parcel_with_a_new_number_is_known_by_its_national_identifier(run, delivery):
    run(delivery(parcel(1, MADINHDANH="w7er8t8u2s6x")))
    before = current("1").parcel

    result = run(delivery(parcel(1, SOTHUA="77", MADINHDANH="w7er8t8u2s6x")))

    assert result.counts == counts(read=1, changed=1)
    assert current("77").parcel == before
    assert result.issues["parcel_renumbered"] == [0]
    assert not ParcelVersion.objects.known_now().filter(number="1", valid_to=None).exists()


def test_another_national_identifier_for_the_same_number_is_noted(run, delivery):
    run(delivery(parcel(1, MADINHDANH="w7er8t8u2s6x")))

    result = run(delivery(parcel(1, MADINHDANH="w7er8t8u2s6z")))

    assert result.issues["national_id_moved"] == [0]
    assert current("1").national_id == "w7er8t8u2s6z"


def test_gone_exists_only_in_sheets_that_are_whole(run, delivery):
    run(delivery(parcel(1), parcel(2), parcel(3, SOTO="13")))

    silent = run(delivery(parcel(1)))
    asked = run(delivery(parcel(1)), "--complete-sheets", "all")

    assert silent.report["gone"] == 0
    assert asked.report["gone"] == 1
    assert [(g["sheet"], g["number"]) for g in asked.report["gone_parcels"]] == [("12", "2")]
    assert current("2").valid_to is None


def test_more_than_one_per_cent_gone_is_asked_about(run, delivery):
    run(delivery(parcel(1), parcel(2)))
    words = ("--complete-sheets", "all", "--retire-gone", "--data-date", LATER.isoformat())

    refused = run(delivery(parcel(1)), *words)
    done = run(delivery(parcel(1)), *words, "--accept-gone")

    assert (refused.status, refused.report["reason"]) == (2, "too_many_gone")
    assert (done.status, done.report["retired"]) == (0, 1)
    closed = ParcelVersion.objects.known_now().get(number="2")
    assert (closed.valid_from, closed.valid_to) == (DATA_DATE, LATER)


def test_rows_with_one_number_are_all_kept_and_marked(run):
    first = run("duplicate_numbers")
    second = run("duplicate_numbers")

    rows = ParcelVersion.objects.filter(number="2")
    assert first.counts == counts(read=4, new=4)
    assert first.issues["number_disputed"] == [1, 2, 3]
    assert {row.is_disputed for row in rows} == {True}
    assert rows.count() == 3
    assert not current("1").is_disputed
    assert second.counts == counts(read=4, unchanged=4)


def test_a_dispute_that_is_settled_leaves_one_parcel(run, delivery):
    run(delivery(parcel(1), parcel(1, rings=[square(2)])))

    result = run(delivery(parcel(1)), "--complete-sheets", "all", "--retire-gone", "--accept-gone")

    assert result.report["retired"] == 1
    assert not current("1").is_disputed


def test_rings_that_cannot_be_measured_come_in_without_a_boundary(run):
    result = run("bow_tie")

    row = current("2")
    assert result.counts == counts(read=3, new=3)
    assert (row.geometry_state, row.boundary, row.boundary_3857) == ("invalid", None, None)
    assert result.issues["ring_invalid"] == [1]
    (note,) = [i for i in result.report["issues"] if i["code"] == "ring_invalid"]
    assert "587125 2325105" in note["first"][0]["value"]
    assert run("bow_tie").counts == counts(read=3, unchanged=3)


def test_a_ring_that_is_still_broken_but_otherwise_is_a_change(run, delivery):
    crossed = [square(1)[i] for i in (0, 2, 1, 3, 0)]
    other = [square(1)[i] for i in (0, 1, 3, 2, 0)]
    run(delivery(parcel(1, rings=[crossed])))

    assert run(delivery(parcel(1, rings=[other]))).counts == counts(read=1, changed=1)


@pytest.mark.parametrize(
    ("name", "code", "state"),
    [
        ("null_shape", "geometry_missing", "missing"),
        ("open_ring", "ring_open", "invalid"),
    ],
)
def test_a_row_without_a_usable_shape_is_kept_and_said(run, name, code, state):
    result = run(name)

    assert result.issues[code] == [1]
    assert current("2").geometry_state == state


def test_numbers_lose_their_blanks_and_nothing_else(run):
    run("blank_padded")
    run("number_kxd")

    assert current("1").sheet.number == "12"
    assert current("KXD").geometry_state == "valid"


def test_parcels_without_a_determined_number_dispute_nothing(run, delivery):
    file = delivery(parcel(1, SOTHUA="KXD"), parcel(2, SOTHUA="KXD"))

    run(file)
    again = run(file)

    found = ParcelVersion.objects.known_now().filter(number="KXD")
    assert [version.is_disputed for version in found] == [False, False]
    assert again.counts == counts(read=2, unchanged=2)


def test_two_uses_in_one_field_are_two_uses(run):
    result = run("two_uses_in_one_field")

    assert list(current("1").land_uses.order_by("position").values_list("code", flat=True)) == [
        "ODT",
        "CLN",
    ]
    assert result.issues["land_use_unknown"] == [1]
    assert current("2").land_uses.get().code == "XYZ"


def test_a_sheet_number_exists_once_a_scale(run):
    result = run("two_scales_same_sheet")

    assert result.counts == counts(read=2, new=2)
    assert current("1", sheet__scale=500).parcel != current("1", sheet__scale=1000).parcel
    assert not ParcelVersion.objects.filter(is_disputed=True).exists()


def test_a_code_that_named_another_ward_then_is_refused(run):
    result = run("reused_commune_code", "--data-date", "2025-03-01")

    assert result.status == 2
    assert result.issues["unit_code_reused"] == [0]
    assert result.issues["unit_unknown"] == [1]
    assert "Trưng Vương → Phường Vàng Danh" in str(result.report["issues"])


def test_a_ward_nobody_knows_is_refused_and_the_rest_comes_in(run):
    result = run("unknown_commune_code")

    assert (result.status, result.counts) == (3, counts(read=2, new=1, refused=1))
    assert result.issues["unit_unknown"] == [0]


def test_rows_whose_parcel_cannot_be_told_are_refused_with_the_reason(run):
    result = run("keys_that_cannot_be_read")

    assert (result.status, result.counts) == (3, counts(read=7, new=1, refused=6))
    refusing = {
        i["code"]: [f["row"] for f in i["first"]] for i in result.report["issues"] if i["refuses"]
    }
    assert refusing == {
        "unit_unreadable": [1],
        "sheet_missing": [2],
        "scale_unreadable": [3],
        "number_missing": [4],
        "not_a_parcel": [5],
        "record_deleted": [6],
    }
    stored = ImportIssue.objects.filter(refuses=True).values_list("row", "code")
    assert set(stored) == {(rows[0], code) for code, rows in refusing.items()}


def test_tcvn3_text_is_stored_as_it_was_meant(run):
    result = run("tcvn3_text")

    addresses = ParcelVersion.objects.order_by("source_row").values_list("address", flat=True)
    assert result.report["encodings"]["DIACHI"] == "tcvn3"
    assert list(addresses) == [*make.ADDRESSES[:5], "ĐƯỜNG HOÀNG DIỆU, PHƯỜNG BA ĐÌNH"]


def test_vni_text_cut_at_the_field_width_is_read_and_noted(run):
    result = run("vni_cut_at_field_width")

    assert result.report["encodings"]["DIACHI"] == "vni"
    # Row 2 was cut at a blank, which loses no mark.
    assert result.issues["text_may_be_cut"] == [0, 1, 3, 4]
    for address in ParcelVersion.objects.order_by("source_row"):
        assert make.ADDRESSES[address.source_row].startswith(address.address[:-1])


def test_text_that_cannot_be_told_is_asked_about(run):
    unsure = run("text_of_unknown_encoding")
    chosen = run("text_of_unknown_encoding", "--encoding", "DIACHI=viscii")

    assert (unsure.status, unsure.report["reason"]) == (2, "encoding_unsure")
    assert "--encoding DIACHI=tcvn3" in unsure.err
    assert chosen.status == 0


def test_without_a_prj_somebody_chooses_the_system(run):
    asked = run("no_prj")
    chosen = run("no_prj", "--crs", "EPSG:6957")

    assert (asked.status, asked.report["reason"]) == (2, "crs_missing")
    assert chosen.report["crs"] == {
        "epsg": 5897,
        "datum_operation": "EPSG:6960",
        "chosen_by": "operator",
        "axes_swapped": False,
    }
    assert ImportRun.objects.get(outcome="nothing").reason == "crs_missing"


def test_a_wrong_meridian_is_refused_with_those_that_fit(run):
    result = run("wrong_meridian")

    assert (result.status, result.report["reason"]) == (2, "crs_does_not_fit")
    assert "EPSG:5897" in result.report["values"]["fitting"]
    assert not ParcelVersion.objects.exists()


def test_north_before_east_is_refused_until_somebody_says_so(run):
    asked = run("north_before_east")
    done = run("north_before_east", "--swap-axes")

    assert (asked.status, asked.report["reason"]) == (2, "axes_swapped")
    assert done.counts == counts(read=3, new=3)
    assert current("1").boundary.extent == (587_110.0, 2_325_100.0, 587_120.0, 2_325_110.0)


def test_a_row_that_cannot_lie_in_the_country_is_refused(run):
    result = run("one_row_at_the_origin")

    assert (result.status, result.counts) == (3, counts(read=3, new=2, refused=1))
    assert result.issues["coordinates_implausible"] == [2]


def test_a_file_in_another_zone_is_stored_in_ours(run, delivery):
    to_5899 = crs.transformer(5897, 5899)
    there = [to_5899.transform(*point) for point in square(1)]

    run(delivery(parcel(1, rings=[there]), epsg=5899))

    row = current("1")
    assert row.sheet.epsg == 5899
    assert row.boundary.extent == pytest.approx(
        (587_110.0, 2_325_100.0, 587_120.0, 2_325_110.0), abs=1e-5
    )


def test_data_made_with_the_other_datum_operation_are_moved(run, delivery):
    run(delivery(parcel(1)), "--datum", "EPSG:5194")

    row = current("1")
    east, north = row.boundary.centroid.coords
    assert row.sheet.datum_operation == "EPSG:5194"
    # The two operations differ by 0.80 m in the south (vn2000) and about 1 m here.
    assert 0.3 < ((east - 587_115) ** 2 + (north - 2_325_105) ** 2) ** 0.5 < 1.5


def test_a_parcel_outside_its_ward_is_noted_only(run, delivery):
    far = square(1, origin=(588_200.0, 2_325_100.0))

    result = run(delivery(parcel(1), parcel(2), parcel(3, rings=[far])))

    assert result.issues["outside_ward"] == [2]
    assert result.counts == counts(read=3, new=3)


def test_areas_that_differ_much_are_noted_and_both_kept(run, delivery):
    result = run(delivery(parcel(1, DTPHAPLY="106.0"), parcel(2, DTPHAPLY="104.0")))

    surveyed = run(delivery(parcel(3, DIENTICH="94.0"), parcel(4, DIENTICH="96.0")))

    assert result.issues["area_differs"] == [0]
    assert surveyed.issues["survey_area_differs"] == [0]
    assert current("1").legal_area_m2 == 106


def test_a_delivery_without_a_needed_column_says_which(run, delivery):
    from fixtures.samples.writer import COLUMNS

    columns = [c for c in COLUMNS if c.name != "SOTHUA"]

    result = run(delivery(parcel(1), columns=columns))

    assert (result.status, result.report["reason"]) == (2, "columns_missing")
    assert result.report["values"]["missing"] == "SOTHUA"


def test_columns_are_listed_as_taken_dropped_or_ignored(run):
    columns = run("plain").report["columns"]

    assert columns["dropped_personal"] == ["TENCHU"]
    assert columns["ignored"] == []
    assert columns["taken"]["number"] == "SOTHUA"


def test_names_of_people_are_nowhere_after_an_import(run, caplog):
    caplog.set_level("DEBUG")
    result = run("plain")
    run("keys_that_cannot_be_read")

    said = json.dumps(result.report, ensure_ascii=False) + result.out + result.err + caplog.text
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{table}\" t")
            said += cursor.fetchone()[0]
    for owner in make.OWNERS:
        for word in (owner, owner.split()[-1], encode_tcvn3(owner).decode("latin-1")):
            assert not re.search(rf"\b{re.escape(word)}\b", said), word


@pytest.fixture
def officer():
    user = User.objects.create_user(username="officer", password="a-long-password-42")
    assign_role(user=user, role=Role.DATA_OFFICER, territory=None, valid_from=dt.date(2020, 1, 1))
    return user


def test_a_run_in_somebodys_name_needs_the_role(run, officer):
    User.objects.create_user(username="citizen", password="a-long-password-42")

    citizen = run("plain", "--by", "citizen")
    stranger = run("plain", "--by", "nobody")
    done = run("plain", "--by", "officer")

    assert (citizen.status, citizen.report["reason"]) == (2, "take_in_parcels")
    assert (stranger.status, stranger.report["reason"]) == (2, "user")
    assert done.status == 0
    assert Revision.objects.latest("number").by == officer
    assert SourceFile.objects.get().chosen_by == officer


def test_a_change_on_the_map_is_noted_plot_by_plot(run, delivery):
    run(delivery(parcel(1), parcel(2, SOTO="13")))

    areas = ChangedArea.objects.filter(layer="parcels")
    assert areas.count() == 2
    east, north = crs.transformer(5897, 3857).transform(587_115.0, 2_325_105.0)
    assert areas.filter(extent_3857__contains=GEOSGeometry(f"POINT({east} {north})", 3857)).exists()


@hypothesis_settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    deliveries=st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(["1", "2", "KXD", "", "0"]),
                st.sampled_from(["100004", "100070", "1"]),
                st.sampled_from(["100.0", "90.0", "x"]),
            ),
            min_size=1,
            max_size=5,
        ),
        min_size=1,
        max_size=2,
    )
)
def test_every_row_read_is_accounted_for(run, delivery, deliveries):
    for rows in deliveries:
        path = delivery(
            *(
                parcel(n, SOTHUA=number, KVHC_ID=unit, DTPHAPLY=area)
                for n, (number, unit, area) in enumerate(rows)
            )
        )
        result = run(path)
        again = run(path)

        assert result.counts["read"] == len(rows)
        assert len(rows) == sum(result.counts.values()) - result.counts["read"]
        assert (again.counts["new"], again.counts["changed"]) == (0, 0)
        assert again.counts["refused"] == result.counts["refused"]
