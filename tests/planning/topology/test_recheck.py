"""What an edit does to the faults, told from the zones around it."""

from __future__ import annotations

import pytest
import shapely
from shapely import box

from planning.topology import Kind, Recheck, check, recheck, worsened
from tests.planning.topology.squares import PLAN, QUARTERS, said


def edited(zones, changes, *, plan=PLAN, known=None) -> Recheck:
    """Recheck with all other zones near; what comes out must be what a whole check finds."""
    before = {name: zones[name] for name in changes if name in zones}
    after = {name: shape for name, shape in changes.items() if shape is not None}
    near = {name: shape for name, shape in zones.items() if name not in changes}
    known = check(zones, plan) if known is None else known
    seen = recheck(known, before=before, after=after, near=near, extent=plan)
    assert said(seen.kept + seen.come) == said(check({**near, **after}, plan))
    return seen


def test_a_zone_drawn_over_its_neighbour_brings_an_overlap():
    seen = edited(QUARTERS, {"A": box(0, 0, 60, 50)})

    assert said(seen.come) == [("overlap", "AB", 500)]
    assert said(worsened(seen.gone, seen.come)) == [("overlap", "AB", 500)]


def test_a_zone_drawn_smaller_frees_ground():
    seen = edited(QUARTERS, {"A": box(0, 0, 40, 50)})

    assert said(seen.come) == [("gap", "ABCD", 500)]
    assert said(worsened(seen.gone, seen.come)) == [("gap", "ABCD", 500)]


def test_moving_a_common_edge_in_both_zones_opens_nothing():
    seen = edited(QUARTERS, {"A": box(0, 0, 60, 50), "B": box(60, 0, 100, 50)})

    assert (seen.gone, seen.come, seen.kept) == ([], [], [])


def test_a_repair_is_seen_and_other_faults_stay():
    zones = {**QUARTERS, "A": box(0, 0, 60, 50), "D": box(60, 50, 100, 100)}

    seen = edited(zones, {"A": QUARTERS["A"]})

    assert said(seen.gone) == [("overlap", "AB", 500)]
    assert said(seen.come) == []
    assert said(seen.kept) == [("gap", "ABCD", 500)]


def test_drawing_into_empty_ground_cuts_the_gap_and_worsens_nothing():
    zones = {"A": QUARTERS["A"], "B": QUARTERS["B"]}

    seen = edited(zones, {"M": box(40, 50, 60, 100)})

    assert said(seen.gone) == [("gap", "AB", 5000)]
    assert said(seen.come) == [("gap", "AM", 2000), ("gap", "BM", 2000)]
    assert worsened(seen.gone, seen.come) == []


@pytest.mark.parametrize(("slit_m", "is_worse"), [(0.02, True), (0.5, True), (20, False)])
def test_drawing_beside_a_neighbour_leaves_a_strip(slit_m, is_worse):
    """The strip hangs together with 2000 m² of free ground, so their mean width is large."""
    zones = {"A": QUARTERS["A"], "B": QUARTERS["B"]}

    seen = edited(zones, {"M": box(0, 50 + slit_m, 60, 100)})

    assert len(seen.come) == 1
    assert bool(worsened(seen.gone, seen.come)) == is_worse


def test_removing_a_zone_leaves_a_gap_and_takes_its_faults_along():
    zones = {**QUARTERS, "A": box(0, 0, 60, 50)}

    seen = edited(zones, {"A": None})

    assert said(seen.gone) == [("overlap", "AB", 500)]
    assert said(seen.come) == [("gap", "BCD", 2500)]


def test_two_gaps_that_become_one():
    zones = {"A": box(0, 0, 40, 100), "M": box(40, 0, 60, 50), "N": box(40, 50, 60, 100)}

    seen = edited({**zones, "P": box(80, 0, 100, 100)}, {"M": None})

    assert said(seen.gone) == [("gap", "MNP", 2000)]
    assert said(seen.come) == [("gap", "ANP", 3000)]


def test_a_zone_that_leaves_the_plan_further_is_worse_and_one_that_comes_back_is_not():
    zones = {**QUARTERS, "B": box(50, 0, 110, 50)}

    out = edited(zones, {"B": box(50, 0, 120, 50)})
    back = edited(zones, {"B": box(50, 0, 105, 50)})

    assert said(worsened(out.gone, out.come)) == [("outside", "B", 1000)]
    assert said(back.come) == [("outside", "B", 250)]
    assert worsened(back.gone, back.come) == []


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        (box(100, 0, 150, 50), box(100.004, 0, 150, 50), "ACD"),
        (box(100.004, 0, 150, 50), box(100, 0, 150, 50), "ACDE"),
        (box(100, 0, 150, 50), None, "ACD"),
        (None, box(100, 0, 150, 50), "ACDE"),
    ],
    ids=["leaves", "comes", "removed", "new"],
)
def test_a_zone_outside_the_plan_is_around_a_gap_while_it_meets_it_on_the_rim(before, after, names):
    """B's ground is bare. Nothing that E takes or frees lies in the plan."""
    quarters = {name: QUARTERS[name] for name in "ACD"}

    seen = edited(quarters | ({"E": before} if before else {}), {"E": after})

    assert ("gap", names, 2500) in said(seen.come)
    assert Kind.GAP not in {f.kind for f in seen.kept}
    assert Kind.GAP not in {f.kind for f in worsened(seen.gone, seen.come)}


def test_an_invalid_boundary_and_its_mending():
    bow_tie = shapely.Polygon([(0, 0), (50, 50), (50, 0), (0, 50)])

    broken = edited(QUARTERS, {"A": bow_tie})
    mended = edited({**QUARTERS, "A": bow_tie}, {"A": QUARTERS["A"]})

    assert Kind.INVALID in {f.kind for f in worsened(broken.gone, broken.come)}
    assert len(mended.gone) == 3
    assert mended.come == []


def test_splitting_a_zone_on_an_overlap_does_not_make_it_worse():
    zones = {**QUARTERS, "A": box(0, 0, 60, 50)}

    seen = edited(zones, {"A": None, "A1": box(0, 0, 60, 25), "A2": box(0, 25, 60, 50)})

    assert said(seen.come) == [("overlap", "A1B", 250), ("overlap", "A2B", 250)]
    assert worsened(seen.gone, seen.come) == []


def test_a_third_zone_on_shared_ground_is_worse():
    zones = {**QUARTERS, "A": box(0, 0, 60, 50)}

    seen = edited(zones, {"E": box(50, 0, 60, 50)})

    assert said(worsened(seen.gone, seen.come)) == [("overlap", "AE", 500), ("overlap", "BE", 500)]


def test_the_zones_around_a_gap_are_kept_where_they_are_too_far_to_be_near():
    """The ring of bare ground around E touches its far neighbours away from the edit."""
    frame = {
        "W": box(0, 0, 10, 100),
        "O": box(90, 0, 100, 100),
        "N": box(10, 90, 90, 100),
        "S": box(10, 0, 90, 10),
    }
    zones = {**frame, "E": box(30, 30, 70, 70)}
    known = check(zones, PLAN)

    def wall(name, shape):
        return recheck(
            known,
            before={},
            after={name: shape},
            near={"W": zones["W"], "E": zones["E"]},
            extent=PLAN,
            zones_at=lambda ground: {
                n: z for n, z in zones.items() if z.intersects(shapely.envelope(ground))
            },
        )

    one_wall = wall("M", box(10, 45, 30, 55))
    cut_off = wall("M", box(10, 40, 30, 60).union(box(10, 40, 20, 50)))

    assert said(one_wall.come) == [("gap", "EMNOSW", 6400 - 1600 - 200)]
    assert said(cut_off.come) == [("gap", "EMNOSW", 6400 - 1600 - 400)]


def test_pieces_of_a_far_reaching_gap_keep_only_their_own_zones():
    zones = {"N": box(0, 90, 100, 100), "S": box(0, 0, 100, 10)}
    known = check(zones, PLAN)
    middle = {"M": box(0, 40, 100, 60)}

    seen = recheck(
        known, before={}, after=middle, near={}, extent=PLAN, zones_at=lambda ground: zones
    )
    blind = recheck(known, before={}, after=middle, near={}, extent=PLAN)

    assert said(seen.come) == [("gap", "MN", 3000), ("gap", "MS", 3000)]
    assert sorted("".join(f.zones) for f in blind.come) == ["M", "MNS"]


def test_a_crack_is_followed_and_gaps_beyond_it_are_left_alone():
    """Over M is a crack of 0.02 m², too small to be known. It becomes part of what L leaves."""
    plan = box(0, 0, 1000, 10)
    zones = {
        "L": box(0, 0, 100, 10),
        "M": box(100, 0, 300, 9.9999),
        "N": box(300, 0, 310, 10),
        "O": box(330, 0, 1000, 10),
    }
    assert said(check(zones, plan)) == [("gap", "NO", 200)]

    def removed(zones_at):
        # The gap between N and O is away from the edit, so that nobody has to say it is known.
        return recheck(
            [],
            before={"L": zones["L"]},
            after={},
            near={"M": zones["M"]},
            extent=plan,
            zones_at=zones_at,
        )

    seen = removed(lambda ground: {n: z for n, z in zones.items() if n != "L"})

    assert said(seen.come) == [("gap", "MN", 1000.02)]
    assert said(seen.come)[0] in said(check({n: z for n, z in zones.items() if n != "L"}, plan))
    assert said(removed(None).come) == [("gap", "M", 1000)]
