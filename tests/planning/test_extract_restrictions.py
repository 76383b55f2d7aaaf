"""What restricts a plot: projects of the annual plan, lines, corridors, protected ground."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from landdata.models import Theme
from landdata.operations.coverage import report_trouble
from planning.extract import build_extract
from planning.extract.as_json import as_json
from planning.extract.records import Answer, Notice, Reason
from planning.schemas import ExtractAnswer
from tests.planning import ground
from tests.planning.city import TODAY, box, register_complete, stored

EVERYWHERE = box(-2000, -2000, 2000, 2000)


@pytest.fixture
def rules(db):
    ground.rules()


@pytest.fixture
def plot(register):
    """20 m by 10 m, its south-west corner at the origin."""
    return register.parcel("1", box(0, 0, 20, 10))


def theme_of(extract, theme):
    return next(t for t in extract.themes if t.theme == theme)


def pieces(plot, theme, *, as_of=TODAY):
    """(answer, reason, m²), largest first."""
    found = theme_of(build_extract(plot, as_of=as_of), theme).pieces
    return [(p.answer, p.reason, pytest.approx(p.area_m2, abs=0.01)) for p in found]


def hits(plot, theme, *, as_of=TODAY):
    found = theme_of(build_extract(plot, as_of=as_of), theme).pieces
    return {corridor.rule for piece in found for corridor in piece.corridors}


# --- corridors -----------------------------------------------------------------------------------
def test_under_a_110_kv_line_the_corridor_applies_and_beside_it_the_plot_is_clear(rules, plot):
    """Outermost conductor 2 m from the axis, and 4 m from there: 6 m of the plot's 20."""
    register_complete(Theme.POWER_LINES, EVERYWHERE)
    ground.power_line("D1", (0, -50), (0, 50), outer_conductor_m=2.0)

    assert pieces(plot, Theme.POWER_LINES) == [
        (Answer.CLEAR, None, 140),
        (Answer.APPLIES, None, 60),
    ]
    assert hits(plot, Theme.POWER_LINES) == {"power_110_kv", "power_house_110_kv"}


def test_a_hit_says_its_rule_figure_source_and_how_far_to_trust_it(rules, plot):
    ground.power_line("D1", (0, -50), (0, 50), outer_conductor_m=2.0)

    (piece, *_) = [
        p
        for p in theme_of(build_extract(plot, as_of=TODAY), Theme.POWER_LINES).pieces
        if p.corridors
    ]
    told = {corridor.rule: corridor for corridor in piece.corridors}

    assert told["power_110_kv"].distance_m == 4.0
    assert told["power_110_kv"].source_name == "Đối tượng D1"
    assert "NĐ 14/2014" in told["power_110_kv"].legal_source
    assert told["power_110_kv"].confidence == "medium"
    assert told["power_house_110_kv"].effect == "conditional"
    assert told["power_house_110_kv"].condition_vi
    assert told["power_house_110_kv"].condition_en


def test_where_the_outer_conductor_is_not_recorded_the_band_beside_was_not_checked(rules, plot):
    """4 m from the axis in any case; the conductor may hang up to 5 m farther out."""
    register_complete(Theme.POWER_LINES, EVERYWHERE)
    ground.power_line("D1", (0, -50), (0, 50))

    assert pieces(plot, Theme.POWER_LINES) == [
        (Answer.CLEAR, None, 110),
        (Answer.NOT_CHECKED, Reason.CORRIDOR_UNCERTAIN, 50),
        (Answer.APPLIES, None, 40),
    ]


def test_without_a_complete_register_of_lines_nothing_beside_them_is_clear(rules, plot):
    ground.power_line("D1", (0, -50), (0, 50), outer_conductor_m=2.0)

    assert pieces(plot, Theme.POWER_LINES) == [
        (Answer.NO_DATA, Reason.REGISTER_INCOMPLETE, 140),
        (Answer.APPLIES, None, 60),
    ]


def test_a_complete_register_without_any_rule_leaves_nothing_clear(plot):
    register_complete(Theme.POWER_LINES, EVERYWHERE)

    assert pieces(plot, Theme.POWER_LINES) == [(Answer.NO_DATA, Reason.RULES_MISSING, 200)]


def test_far_from_every_line_a_complete_register_is_clear(rules, plot):
    register_complete(Theme.POWER_LINES, EVERYWHERE)
    ground.power_line("D1", (40, -50), (40, 50), outer_conductor_m=2.0)

    assert pieces(plot, Theme.POWER_LINES) == [(Answer.CLEAR, None, 200)]


def test_a_line_that_is_not_in_force_on_the_day_restricts_nothing(rules, plot):
    register_complete(Theme.POWER_LINES, EVERYWHERE)
    ground.power_line(
        "D1", (0, -50), (0, 50), outer_conductor_m=2.0, valid_from=dt.date(2026, 9, 1)
    )

    assert pieces(plot, Theme.POWER_LINES, as_of=dt.date(2026, 8, 31)) == [
        (Answer.CLEAR, None, 200)
    ]
    assert Answer.APPLIES in {p[0] for p in pieces(plot, Theme.POWER_LINES, as_of=TODAY)}


def test_the_distance_of_houses_from_the_track_ends_with_its_regulation(rules, plot):
    """20 m from the nearest axis until 2026-12-31; what follows was not read."""
    register_complete(Theme.RAILWAYS, EVERYWHERE)
    ground.railway("R1", (-10, -50), (-10, 50), strip_m=5.6)

    assert (Answer.APPLIES, None, 100) in pieces(plot, Theme.RAILWAYS)
    next_year = pieces(plot, Theme.RAILWAYS, as_of=dt.date(2027, 1, 1))
    assert Answer.APPLIES not in {answer for answer, _, _ in next_year}
    assert Reason.CORRIDOR_UNCERTAIN in {reason for _, reason, _ in next_year}


def test_a_dyke_is_measured_from_its_feet_and_wider_on_the_protected_side(rules, register):
    """Field side 25 m, river side 20 m, from feet 10 m and 12 m off the axis."""
    register_complete(Theme.DYKES, EVERYWHERE)
    ground.dyke(
        "E1",
        (0, -100),
        (0, 100),
        kind="river",
        grade="I",
        protected_side="left",
        foot_left_m=10.0,
        foot_right_m=12.0,
        is_urban=False,
    )
    field = register.parcel("1", box(-40, 0, -30, 10))
    river = register.parcel("2", box(30, 0, 40, 10))

    assert (Answer.APPLIES, None, 50) in pieces(field, Theme.DYKES)
    assert (Answer.APPLIES, None, 20) in pieces(river, Theme.DYKES)
    figures = [
        {
            corridor.distance_m
            for piece in theme_of(build_extract(plot, as_of=TODAY), Theme.DYKES).pieces
            for corridor in piece.corridors
        }
        for plot in (field, river)
    ]
    assert figures == [{25.0}, {20.0}]


def test_a_dykes_corridor_goes_before_a_narrower_roads(rules, register):
    ground.dyke(
        "E1",
        (0, -100),
        (0, 100),
        kind="river",
        grade="I",
        protected_side="left",
        foot_left_m=10.0,
        foot_right_m=12.0,
        is_urban=False,
    )
    ground.road("S1", (-30, -100), (-30, 100), technical_class="V", is_urban=False, strip_m=2.0)
    plot = register.parcel("1", box(-30, 0, -20, 10))

    extract = build_extract(plot, as_of=TODAY)

    roads = [
        corridor
        for piece in theme_of(extract, Theme.ROADS).pieces
        if piece.answer is Answer.APPLIES
        for corridor in piece.corridors
    ]
    assert {(c.rule, c.superseded_by) for c in roads} == {("road_class_iv_v", "dyke_field")}
    dykes = theme_of(extract, Theme.DYKES).pieces
    assert {c.superseded_by for p in dykes for c in p.corridors} == {""}


def test_both_protection_zones_of_a_relic_are_told_with_what_they_allow(rules, plot):
    register_complete(Theme.PROTECTED_SITES, EVERYWHERE)
    ground.protected_site("DT1", box(-5, -5, 5, 15), kind="relic", protection_zone="I")
    ground.protected_site("DT2", box(5, -5, 15, 15), kind="relic", protection_zone="II")

    found = theme_of(build_extract(plot, as_of=TODAY), Theme.PROTECTED_SITES)

    assert sorted(
        (round(p.area_m2), p.answer, [c.effect for c in p.corridors]) for p in found.pieces
    ) == [
        (50, Answer.APPLIES, ["forbidden"]),
        (50, Answer.CLEAR, []),
        (100, Answer.APPLIES, ["conditional"]),
    ]


def test_a_known_trouble_silences_a_corridors_theme_there(rules, plot):
    register_complete(Theme.POWER_LINES, EVERYWHERE)
    report_trouble(
        theme=Theme.POWER_LINES,
        boundary=stored(box(-1, -1, 10, 20)),
        trouble="zones_lost",
        since=TODAY,
        by=None,
    )

    assert pieces(plot, Theme.POWER_LINES) == [
        (Answer.NOT_CHECKED, Reason.SOURCE_UNHEALTHY, 100),
        (Answer.CLEAR, None, 100),
    ]


@pytest.mark.parametrize(
    ("view", "failing"),
    [
        ("public_power_lines", {Theme.POWER_LINES}),
        ("public_land_use_items", {Theme.ANNUAL_PLAN}),
        ("public_control_lines", {Theme.CONTROL_LINES}),
        ("public_theme_coverage", set(Theme)),
    ],
)
def test_a_source_that_fails_takes_down_its_own_themes_only(view, failing, rules, plot):
    """The view is really taken away, as a broken deployment would."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER VIEW {view} RENAME TO elsewhere")

    extract = build_extract(plot, as_of=TODAY)

    failed = {t.theme for t in extract.themes if t.pieces[0].reason is Reason.SOURCE_FAILED}
    assert failed == failing


# --- lines ---------------------------------------------------------------------------------------
def test_ground_inside_a_red_line_is_told_with_the_lines_decision(plot):
    register_complete(Theme.CONTROL_LINES, EVERYWHERE)
    ground.control_line("L1", box(-5, -5, 4, 20))

    found = theme_of(build_extract(plot, as_of=TODAY), Theme.CONTROL_LINES)

    assert [(p.answer, round(p.area_m2)) for p in found.pieces] == [
        (Answer.CLEAR, 160),
        (Answer.APPLIES, 40),
    ]
    (line,) = found.pieces[1].lines
    assert (line.key, line.kind, line.decision_number) == ("L1", "red_line", "9/QĐ-UBND")


# --- annual plan ---------------------------------------------------------------------------------
def listed_since_2024(plot_shape, **values):
    for year in (2024, 2025, 2026):
        ground.annual_plan(year)
        ground.item("T1", year, plot_shape, **{"first_listed_year": 2024, **values})


def test_a_plot_in_the_list_for_the_third_year_is_told_that_two_years_have_passed(plot):
    register_complete(Theme.ANNUAL_PLAN, EVERYWHERE)
    listed_since_2024(box(-5, -5, 5, 15))

    extract = build_extract(plot, as_of=TODAY)
    clear, applies = theme_of(extract, Theme.ANNUAL_PLAN).pieces

    assert (clear.answer, round(clear.area_m2)) == (Answer.CLEAR, 150)
    assert (applies.answer, round(applies.area_m2)) == (Answer.APPLIES, 50)
    (item,) = applies.items
    assert (item.key, item.plan_year, item.effect.state) == ("T1", 2026, "two_years_passed")
    assert item.effect.years_listed == (2024, 2025, 2026)
    assert item.effect.article == "76.7"
    assert Notice.RECOVERY_OVERDUE in extract.notices


def test_a_year_earlier_the_same_plot_was_restricted(plot):
    listed_since_2024(box(-5, -5, 5, 15))

    extract = build_extract(plot, as_of=dt.date(2025, 12, 31))

    states = {i.effect.state for p in theme_of(extract, Theme.ANNUAL_PLAN).pieces for i in p.items}
    assert states == {"listed"}
    assert Notice.RECOVERY_LISTED in extract.notices
    assert Notice.RECOVERY_OVERDUE not in extract.notices


def test_a_project_that_only_names_the_plot_applies_to_all_of_it(plot):
    ground.annual_plan(2026)
    ground.item("T1", 2026, naming=plot)

    (piece,) = theme_of(build_extract(plot, as_of=TODAY), Theme.ANNUAL_PLAN).pieces

    assert (piece.answer, round(piece.area_m2)) == (Answer.APPLIES, 200)
    assert piece.items[0].names_the_plot


def test_a_project_whose_plot_was_not_found_reaches_it_by_its_numbers(register, plot):
    """The plan says "sheet 12, plot 1" of a ward, and the importer found no parcel for it."""
    ground.annual_plan(2026)
    row = ground.item("T1", 2026)
    ground.names(row, "1", parcel=None)
    other = register.parcel("2", box(30, 0, 50, 10))

    assert {p[0] for p in pieces(plot, Theme.ANNUAL_PLAN)} == {Answer.APPLIES}
    assert Answer.APPLIES not in {p[0] for p in pieces(other, Theme.ANNUAL_PLAN)}


def test_a_recovery_decided_in_an_earlier_year_stands_though_no_plan_repeats_it(plot):
    ground.annual_plan(2025)
    ground.annual_plan(2026)
    ground.item(
        "T1",
        2025,
        box(-5, -5, 5, 15),
        status="recovery_decided",
        decision_number="7/QĐ-UBND",
        decision_date=dt.date(2025, 8, 1),
    )
    ground.item("T2", 2025, box(10, -5, 15, 15))

    extract = build_extract(plot, as_of=TODAY)

    items = [i for p in theme_of(extract, Theme.ANNUAL_PLAN).pieces for i in p.items]
    assert [(i.key, i.plan_year, i.effect.state) for i in items] == [
        ("T1", 2025, "recovery_decided")
    ]
    assert Notice.RECOVERY_DECIDED in extract.notices


def test_without_a_plan_of_the_year_a_complete_register_is_not_clear(plot):
    register_complete(Theme.ANNUAL_PLAN, EVERYWHERE)
    ground.annual_plan(2025)

    assert pieces(plot, Theme.ANNUAL_PLAN) == [(Answer.NO_DATA, Reason.NO_ANNUAL_PLAN, 200)]


def test_a_plot_that_the_years_plan_does_not_list_is_clear(plot):
    register_complete(Theme.ANNUAL_PLAN, EVERYWHERE)
    ground.annual_plan(2026)
    ground.item("T1", 2026, box(30, 0, 40, 10))

    assert pieces(plot, Theme.ANNUAL_PLAN) == [(Answer.CLEAR, None, 200)]


# --- the whole -----------------------------------------------------------------------------------
def test_every_theme_is_answered_once_in_the_same_order(plot):
    extract = build_extract(plot, as_of=TODAY)

    assert [t.theme for t in extract.themes] == list(Theme)


def test_an_extract_as_json_is_what_the_published_schema_says(rules, plot):
    register_complete(Theme.POWER_LINES, EVERYWHERE)
    ground.power_line("D1", (0, -50), (0, 50), outer_conductor_m=2.0)
    ground.control_line("L1", box(-5, -5, 4, 20))
    listed_since_2024(box(-5, -5, 5, 15))

    printed = as_json(build_extract(plot, as_of=TODAY))

    ExtractAnswer.model_validate(printed)
    promised = set(ExtractAnswer.model_json_schema()["properties"])
    assert set(printed) == promised
    definitions = ExtractAnswer.model_json_schema()["$defs"]
    piece = next(p for t in printed["themes"] for p in t["pieces"] if p["corridors"])
    assert set(piece) == set(definitions["Piece"]["properties"])
    assert set(piece["corridors"][0]) == set(definitions["Corridor"]["properties"])
