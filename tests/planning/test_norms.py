"""Planning norms held against one zone; the figures are those of QCVN 01:2021/BXD."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from accounts.models import Role, RoleAssignment, Territory
from landdata.models import Revision
from planning import norm_words
from planning.indicators import parse_bounds
from planning.models import PlanFunction
from planning.norms import (
    Book,
    Doubt,
    Indicator,
    State,
    Subject,
    check_scale,
    not_decided_by_a_zone,
    read_norms,
)
from tests.planning.city import Office, box, functions, person, stored

TABLE = Path(__file__).parents[2] / "fixtures" / "reference" / "planning_norms.csv"
DAY = dt.date(2026, 6, 30)
#: QCVN 01:2026 has replaced the table; its figures are not in it.
AFTER = dt.date(2027, 1, 1)


@pytest.fixture(scope="module")
def norms():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return read_norms(csv.DictReader(file))


def zone(function, *, lot_m2=200.0, density="", ratio="", is_lot=True) -> Subject:
    return Subject(
        uid="Z",
        function=function,
        area_m2=lot_m2,
        is_lot=is_lot,
        density=parse_bounds(density) if density else None,
        floor_area_ratio=parse_bounds(ratio) if ratio else None,
    )


def found(norms, subject, indicator, *, on=DAY):
    (one,) = [f for f in Book(norms, on=on).check(subject) if f.indicator is indicator]
    return one


def density(norms, subject, **more):
    one = found(norms, subject, Indicator.DENSITY, **more)
    return one.state, one.doubt


def ratio(norms, subject, **more):
    one = found(norms, subject, Indicator.FLOOR_AREA_RATIO, **more)
    return one.state, one.doubt


@pytest.mark.parametrize(
    ("lot_m2", "limit"),
    [
        (50, 100),
        (90, 100),
        (95, 95),
        (100, 90),
        (150, 80),
        (200, 70),
        (400, 55),
        (1000, 40),
        (5000, 40),
    ],
)
def test_density_of_houses_falls_with_the_lot_in_proportion_between_rows(norms, lot_m2, limit):
    one = found(norms, zone("DAT_O_Langxom", lot_m2=lot_m2, density="1"), Indicator.DENSITY)

    assert one.values["limit"] == pytest.approx(limit)


def test_density_on_a_lot_is_met_up_to_its_limit_and_not_beyond(norms):
    assert density(norms, zone("DAT_O_Langxom", density="40-70")) == (State.MET, None)
    assert density(norms, zone("DAT_O_Langxom", density="40-71")) == (State.NOT_MET, None)


def test_what_one_lot_as_large_as_the_block_may_have_every_lot_in_it_may_have(norms):
    block = {"lot_m2": 800.0, "is_lot": False}

    assert density(norms, zone("DAT_O_Langxom", density="44", **block)) == (State.MET, None)
    # 60 % is allowed on 300 m² but not on 800 m², and the block's lots are not known.
    assert density(norms, zone("DAT_O_Langxom", density="60", **block)) == (
        State.NOT_CHECKED,
        Doubt.LOTS_UNKNOWN,
    )
    assert density(norms, zone("DAT_O_Langxom", density="101", **block)) == (State.NOT_MET, None)


def test_a_small_lot_of_an_existing_area_may_be_built_on_whole(norms):
    small = zone("DAT_O_Langxom", lot_m2=100, density="100")

    assert density(norms, small) == (State.NOT_CHECKED, Doubt.EXISTING_UNKNOWN)


def test_housing_may_be_apartments_of_which_the_table_says_nothing(norms):
    assert density(norms, zone("DAT_O_Nhomnhao", density="75")) == (
        State.NOT_CHECKED,
        Doubt.BUILDING_UNKNOWN,
    )


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("40", (State.MET, None)),
        ("50", (State.NOT_CHECKED, Doubt.EXISTING_UNKNOWN)),
        ("61", (State.NOT_MET, None)),
        ("", (State.NOT_CHECKED, Doubt.NOT_STATED)),
        ("theo thiết kế", (State.NOT_CHECKED, Doubt.NOT_READABLE)),
        ("≥ 20", (State.NOT_CHECKED, Doubt.NOT_READABLE)),
    ],
)
def test_density_of_public_services_differs_between_new_and_existing_areas(norms, stated, expected):
    assert density(norms, zone("DAT_HTXH_Yte", density=stated)) == expected


@pytest.mark.parametrize(
    ("lot_m2", "stated", "expected"),
    [
        # 3,000 m²: 4.0 up to 16 m high, 12.8 above 46 m.
        (3000, "4", (State.MET, None)),
        (3000, "4,1", (State.NOT_CHECKED, Doubt.HEIGHT_UNKNOWN)),
        (3000, "12,8", (State.NOT_CHECKED, Doubt.HEIGHT_UNKNOWN)),
        (3000, "12,9", (State.NOT_MET, None)),
        # Half way from 3,000 to 10,000 m²: 3.75 and 10.0.
        (6500, "3,75", (State.MET, None)),
        (6500, "10,1", (State.NOT_MET, None)),
    ],
)
def test_the_ratio_of_high_rise_is_decided_where_height_does_not_matter(
    norms, lot_m2, stated, expected
):
    assert ratio(norms, zone("DAT_Dichvu", lot_m2=lot_m2, ratio=stated)) == expected


def test_in_a_block_only_what_the_smallest_lot_forbids_is_forbidden(norms):
    block = zone("DAT_Dichvu", lot_m2=6500, ratio="10,1", is_lot=False)

    assert ratio(norms, block) == (State.NOT_CHECKED, Doubt.HEIGHT_UNKNOWN)


def test_houses_have_at_most_seven_times_their_lot(norms):
    assert ratio(norms, zone("DAT_O_Langxom", ratio="7")) == (State.MET, None)
    assert ratio(norms, zone("DAT_O_Langxom", ratio="7,1")) == (State.NOT_MET, None)


def test_a_norm_that_has_ended_decides_nothing(norms):
    subject = zone("DAT_HTXH_Yte", density="90")

    assert density(norms, subject) == (State.NOT_MET, None)
    assert density(norms, subject, on=AFTER) == (State.NOT_CHECKED, Doubt.ENDED)


def test_of_water_and_roads_no_norm_of_the_table_speaks(norms):
    assert Book(norms, on=DAY).check(zone("DAT_KHAC_Honuoc", density="5")) == []


def test_the_scale_of_a_plan_follows_its_level(norms):
    def state(level, scale):
        (one,) = check_scale(level, scale, norms, on=DAY)
        return one.state

    assert state("zoning", 2000) == state("zoning", 5000) == state("detailed", 500) == "met"
    assert state("zoning", 500) == state("detailed", 2000) == "not_met"
    # The norm of scales began on 2025-07-01.
    assert check_scale("zoning", 500, norms, on=dt.date(2025, 6, 30)) == []


def test_what_no_zone_can_decide_is_named_and_not_forgotten(norms):
    topics = {norm.topic for norm in not_decided_by_a_zone(norms)}

    assert {"unit", "parking", "flood return period", "max gross density"} <= topics
    assert not {"plan scale", "max net density"} & topics


# --- over HTTP ------------------------------------------------------------------------------------


@pytest.fixture
def office(db) -> Office:
    functions()
    with Revision.open(by=None, why="functions") as revision:
        PlanFunction.objects.bulk_create(
            PlanFunction(
                code=code,
                name_vi=code,
                name_en=code,
                group="",
                aci=1,
                colour="#123456",
                source="test",
                confidence="high",
                valid_from=dt.date(2000, 1, 1),
                from_revision=revision.number,
            )
            for code in ("DAT_HTXH_Yte", "DAT_Dichvu")
        )
    return Office()


def drafted(office: Office, **options):
    version = office.draft(
        "P",
        box(0, 0, 200, 100),
        {
            "A": ("DAT_HTXH_Yte", box(0, 0, 100, 100)),
            "B": ("GREEN", box(100, 0, 200, 100)),
        },
        **options,
    )
    version.drafts.filter(label="A").update(density="40-65")
    return version


def asked(user, version, **query):
    client = Client()
    client.force_login(user, backend="accounts.backends.OpenAccounts")
    return client.get(f"/api/planning/drafts/{version.pk}/norms", query)


def test_a_planner_reads_what_the_norms_say_of_a_draft(office):
    answer = asked(office.planner, drafted(office)).json()

    (finding,) = answer["findings"]
    assert (finding["state"], finding["indicator"]) == ("not_met", "density")
    assert "65 %" in finding["text"]
    assert "tối đa 40 % ở khu xây mới, 60 % ở khu hiện hữu" in finding["text"]
    assert finding["norm"]["value"] == "40 / 60"
    assert finding["norm"]["basis"] == "QCVN 01:2021/BXD · đến hết 31/12/2026"
    assert answer["counts"] == {"met": 0, "not_met": 1, "not_checked": 0}
    assert [one["state"] for one in answer["plan"]] == ["met"]
    assert any(norm["topic"] == "parking" for norm in answer["undecided"])


def test_findings_are_told_of_named_zones_and_states_only(office):
    version = drafted(office)
    green = version.drafts.get(label="B").uid

    assert asked(office.planner, version, zone=str(green)).json()["findings"] == []
    assert asked(office.planner, version, state="met").json()["findings"] == []


def test_a_plan_of_2027_is_told_that_the_norms_have_ended(office):
    answer = asked(office.planner, drafted(office, valid_from=dt.date(2027, 3, 1))).json()

    (finding,) = answer["findings"]
    assert finding["state"] == "not_checked"
    assert "hết hiệu lực" in finding["reason"]
    assert not any(norm["topic"] == "parking" for norm in answer["undecided"])


def test_norms_of_a_draft_are_for_those_who_may_see_it(office):
    version = drafted(office)

    assert asked(person("somebody", Role.INVESTOR), version).status_code == 403
    stranger = person("stranger")
    elsewhere = Territory.objects.create(name="elsewhere", boundary=stored(box(900, 0, 999, 99)))
    RoleAssignment.objects.create(
        user=stranger, role=Role.PLANNER, territory=elsewhere, valid_from=dt.date(2020, 1, 1)
    )
    assert asked(stranger, version).status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_finding_and_doubt_has_a_sentence(language, norms):
    functions_of = ("DAT_O_Langxom", "DAT_HTXH_Yte", "DAT_Dichvu")
    findings = [
        finding
        for code in functions_of
        for stated in ("5", "")
        for finding in Book(norms, on=DAY).check(zone(code, density=stated, ratio=stated))
    ]
    findings += check_scale("zoning", 2000, norms, on=DAY)
    assert len({finding.said for finding in findings}) == 9

    with override(language):
        said = [norm_words.sentence(finding) for finding in findings]
        doubts = [gettext(f"norm.doubt.{doubt}") for doubt in Doubt]

    assert not [text for text in (*said, *doubts) if "norm." in text or "%(" in text]
