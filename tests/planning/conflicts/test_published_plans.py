"""Two plans as their authors published them, run through the check.

What lies behind ten of the findings is told in docs/conflicts.md; tests/planning/topology finds the
same overlaps and gaps by cutting all pairs of zones.
"""

from __future__ import annotations

from collections import Counter

import pytest
import shapely

import planning.conflicts.rules  # noqa: F401 # makes the judges known
from planning.conflicts.engine import judge
from planning.conflicts.facts import Facts, Plan
from planning.topology.shapes import as_array
from tests.planning.conflicts.coverages import DAY, zones_of
from tests.planning.conflicts.test_examples import REFERENCE, RULES
from tests.planning.topology.test_published_plans import METRES, outline, read


def checked(zones):
    """All findings of all rules: the codes of the authors are no functions of TT 16/2025."""
    extent, _ = outline(zones)
    names = list(zones)
    shapes = as_array(zones.values())
    functions = [name.partition("#")[0] for name in names]
    ground = shapely.make_valid(shapes, method="structure")
    balance: Counter[str] = Counter()
    for function, m2 in zip(functions, shapely.area(ground), strict=True):
        balance[function] += m2
    plan = Plan("PLAN", "zoning", "", extent, DAY, balance=balance)
    facts = Facts(
        on=DAY,
        plans=[plan],
        zones=zones_of([(0, shapes, functions, names)]),
        norms=REFERENCE.norms,
        service_norms=REFERENCE.service_norms,
    )
    return judge(facts, RULES)


@pytest.fixture(scope="module")
def plu():
    return checked(read("plu_30014"))


@pytest.fixture(scope="module")
def kauai():
    return checked(read("kauai", to=METRES))


def counted(findings):
    return Counter(f.rule for f in findings if f.part != "unchecked" and f.rule[0] in "PIN")


def test_the_french_plan_has_seven_overlaps_a_gap_in_two_pieces_and_a_splinter(plu):
    assert counted(plu) == {"I01": 7, "I02": 1, "I03": 1}
    gap = next(f for f in plu if f.rule == "I02")
    assert [party.key for party in gap.parties] == ["Ap#14", "N#88"]
    assert (gap.values["pieces"], round(gap.area_m2, 1)) == (2, 7.5)


def test_kauai_has_what_it_has(kauai):
    assert counted(kauai) == {"I01": 47, "I02": 47, "I04": 3}
    gaps = [f for f in kauai if f.rule == "I02"]
    assert sum(f.values["pieces"] for f in gaps) == 49


def test_only_what_somebody_drew_stops_an_approval(plu, kauai):
    """Edges drawn twice, a few centimetres apart, are told and stop nothing."""
    stops = [f for f in plu if f.severity == "blocks"]

    assert [[party.key for party in f.parties] for f in stops] == [
        ["A#1", "N#88"],
        ["A#31", "N#30"],
        ["Ap#5", "N#6"],
    ]
    counts = Counter((f.rule, str(f.severity)) for f in kauai if f.rule in ("I01", "I04"))
    assert counts == {("I01", "blocks"): 28, ("I01", "warns"): 19, ("I04", "blocks"): 3}


@pytest.mark.parametrize("name", ["plu", "kauai"])
def test_without_people_and_known_functions_norms_are_told_as_not_checked(name, request):
    reasons = {
        f.rule: f.values["reason"]
        for f in request.getfixturevalue(name)
        if f.part == "unchecked" and f.rule[0] in "PIN"
    }

    assert reasons == {
        **dict.fromkeys(("I08", "N01", "N02", "N03", "N04"), "people_unknown"),
        "N06": "function_unknown",
    }
