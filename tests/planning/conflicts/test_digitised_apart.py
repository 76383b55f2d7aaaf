"""Two levels whose common edges were drawn 1 to 30 cm apart: one note an edge, no contradictions.

Counts before and after stand in docs/conflicts.md.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import shapely

import planning.conflicts.rules  # noqa: F401 # makes the judges known
from planning.conflicts.engine import judge
from tests.planning.conflicts.coverages import levels_apart
from tests.planning.conflicts.test_examples import RULES

SIDE, BY = 30, 2
RULE = {rule.code: rule for rule in RULES}


def cell(party):
    column, row = party.key[1:].split("-")
    return int(column), int(row)


def raw_parts(facts):
    """What cutting all pairs of zones of the two levels finds: (lower, upper) → polygons."""
    upper, lower = (np.flatnonzero(facts.zones.plan == row) for row in (0, 1))
    shapes, function = facts.zones.shape, facts.zones.function
    one, other = shapely.STRtree(shapes[upper]).query(shapes[lower], predicate="intersects")
    one, other = lower[one], upper[other]
    differ = function[one] != function[other]
    parts, of = shapely.get_parts(
        shapely.intersection(shapes[one[differ]], shapes[other[differ]]), return_index=True
    )
    parts, of_part = shapely.get_parts(parts, return_index=True)
    kept = shapely.area(parts) > 0
    return parts[kept], one[differ][of[of_part]][kept], other[differ][of[of_part]][kept]


@pytest.fixture(scope="module")
def facts():
    return levels_apart(SIDE, by=BY, other_share=0.0)


@pytest.fixture(scope="module")
def notes(facts):
    return judge(facts, [RULE["P08"]])


def common_edges(facts):
    """Neighbours of the lower level that lie in two zones of the upper one with other functions."""
    function = dict(zip(facts.zones.key, facts.zones.function, strict=True))
    steps = [
        ((c, r), (c + east, r + 1 - east))
        for c in range(SIDE)
        for r in range(SIDE)
        for east in (0, 1)
    ]
    return {
        frozenset(two)
        for two in steps
        if max(two[1]) < SIDE
        and (two[0][0] // BY, two[0][1] // BY) != (two[1][0] // BY, two[1][1] // BY)
        and len({function[f"l{c}-{r}"] for c, r in two}) == 2
    }


def test_thousands_of_slivers_become_one_note_an_edge(facts, notes):
    slivers, *_ = raw_parts(facts)

    edges = Counter(
        frozenset(cell(party) for party in note.parties if party.key[0] == "l") for note in notes
    )

    assert len(slivers) == 4530
    assert len(notes) == len(common_edges(facts)) == 626
    assert set(edges) == common_edges(facts)
    assert set(edges.values()) == {1}


def test_an_edge_drawn_apart_is_no_contradiction(facts):
    assert judge(facts, [RULE["P01"]]) == []


def test_a_note_says_how_much_how_long_and_how_wide(facts, notes):
    slivers, *_ = raw_parts(facts)

    assert sum(note.area_m2 for note in notes) == pytest.approx(
        shapely.area(slivers).sum(), abs=0.1 * len(notes)
    )
    # No corner is farther off than 0.3 m; across a bend of the line it is a little more.
    assert 0.25 < max(note.values["width_m"] for note in notes) < 0.6
    assert np.median([note.values["length_m"] for note in notes]) == pytest.approx(100, abs=15)


def test_what_is_planned_otherwise_keeps_its_exact_ground():
    facts = levels_apart(SIDE, by=BY, other_share=0.05)
    parts, lower, upper = raw_parts(facts)
    key = facts.zones.key

    found = judge(facts, [RULE["P01"]])

    broad = {}
    for part, one, other in zip(parts, lower, upper, strict=True):
        # A tenth of a cell is no line drawn apart.
        if part.area > 1000:
            broad[key[one], key[other]] = part
    assert len(found) > 20
    for finding in found:
        below, above = finding.parties
        part = broad.pop((below.key, above.key))
        assert finding.ground is not None
        assert finding.area_m2 == pytest.approx(part.area, abs=1e-6)
        assert finding.ground.symmetric_difference(part).area < 1e-6
    fits = RULE["P01"].parameters["matrix"]["fits"]
    function = dict(zip(key, facts.zones.function, strict=True))
    assert all(function[high] in fits[function[low]] for low, high in broad)
