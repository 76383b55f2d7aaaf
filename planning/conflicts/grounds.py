"""What judges of all families do with ground: put pieces together, find a place in them.

And telling that something could not be checked, which is not the same as nothing found.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from planning.conflicts.parting import intersections
from planning.conflicts.records import Finding, Party, PartyKind
from planning.conflicts.unchecked import unchecked
from planning.topology.shapes import mean_width_m, place_in, surfaces, together

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from planning.conflicts.facts import Facts
    from planning.conflicts.records import Rule
    from planning.topology.shapes import Surface

    Objects = NDArray[np.object_]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]


def surface_of(shape: Any) -> Surface | None:
    """Return the surface that a shape holds, None where only points, lines or rounding are left."""
    parts = surfaces(np.array([shape], dtype=object)) if shape is not None else ()
    if not len(parts):
        return None
    ground = together(np.asarray(parts, dtype=object))
    return ground if ground.is_valid else surface_of(shapely.make_valid(ground))


def merged(owner: Ints, pieces: Objects) -> Iterator[tuple[int, Surface]]:
    """Yield for each owner, in their order, the ground of all its pieces as one surface."""
    order = np.argsort(owner, kind="stable")
    owner, pieces = owner[order], pieces[order]
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    for start, end in zip(starts, np.append(starts, len(owner))[1:], strict=True):
        ground = surface_of(
            pieces[start]
            if end - start == 1
            else shapely.disjoint_subset_union_all(pieces[start:end])
        )
        if ground is not None:
            yield int(owner[start]), ground


def common(ones: Objects, others: Objects, *, area_m2: Floats | None = None) -> Objects:
    """Return the ground that shapes have in common with others, pair by pair.

    With the areas that they share, of what lies within the other as a whole nothing is computed.
    """
    found: Objects = np.array(ones, dtype=object)
    cut = np.ones(len(ones), dtype=bool)
    if area_m2 is not None:
        cut = area_m2 < shapely.area(ones) - 1e-6
    found[cut] = intersections(ones[cut], others[cut])
    return found


def is_sliver(pieces: Objects, width_m: float) -> Bools:
    """Whether pieces are too narrow to have been meant."""
    return np.asarray(mean_width_m(pieces) < width_m, dtype=bool)


def meant_for(functions: Objects, words: Collection[str]) -> Bools:
    """Whether functions are among words; a word may end in "*".

    >>> meant_for(np.array(["DAT_O_Nhomnhao", "DAT_Dichvu"], object), ["DAT_O_*"]).tolist()
    [True, False]
    """
    known, at = np.unique(functions.astype(str), return_inverse=True)
    fits = [any(fnmatchcase(function, word) for word in words) for function in known.tolist()]
    return np.asarray(np.array(fits, dtype=bool)[at], dtype=bool)


def group_of(codes: Objects, groups: Mapping[str, Collection[str]]) -> Ints:
    """Return the number of the first group that each code is in, -1 where it is in none."""
    known, at = np.unique(codes.astype(str), return_inverse=True)
    number = [
        next(
            (
                place
                for place, words in enumerate(groups.values())
                if any(fnmatchcase(code, word) for word in words)
            ),
            -1,
        )
        for code in known.tolist()
    ]
    return np.asarray(np.array(number, dtype=np.int64)[at], dtype=np.int64)


def zone_party(facts: Facts, row: int) -> Party:
    """Return a zone as a party."""
    return Party(PartyKind.ZONE, str(facts.zones.key[row]))


def judged_zones(facts: Facts, levels: Collection[str] = (), *, by_plots: bool = False) -> Bools:
    """Whether a zone is asked about, of plans of these levels; of all where none is named.

    `by_plots` is for judges of what becomes of plots, which follows from the zones around as well.
    """
    asked: Bools = np.asarray(facts.zones.is_judged, dtype=bool)
    if by_plots and facts.beside is not None:
        asked = asked | facts.beside
    if levels:
        asked = asked & np.isin(facts.levels.astype(str), list(levels))
    return asked


def current_zones(facts: Facts) -> Bools:
    """Whether a zone counts as planned: what a draft replaces does not count beside it."""
    drafted = {plan.code for plan in facts.plans if plan.is_draft}
    replaced = np.array(
        [not plan.is_draft and plan.code in drafted for plan in facts.plans], dtype=bool
    )
    return ~replaced[facts.zones.plan] if len(facts.zones) else np.empty(0, dtype=bool)


def cannot_be_checked(
    facts: Facts, rule: Rule, reason: str, zones: Bools | None = None
) -> Iterator[Finding]:
    """Yield for each judged plan that the rule could not be held against it, and why.

    With `zones` only for plans of those, and how many of them there are.
    """
    if zones is None:
        yield from unchecked(facts, rule, ((row, reason) for row in range(len(facts.plans))))
    else:
        rows = facts.zones.plan[zones & facts.zones.is_judged].tolist()
        yield from unchecked(facts, rule, ((row, reason) for row in rows))


def named(facts: Facts, row: int) -> dict[str, str]:
    """Return what sentences call a zone by."""
    zones = facts.zones
    return {
        "zone": str(zones.label[row] or zones.key[row]),
        "plan": facts.plans[int(zones.plan[row])].code,
        "function": str(zones.function[row]),
    }


def finding(
    rule: Rule,
    parties: Iterable[Party],
    ground: Surface,
    values: Mapping[str, float | int | str],
    **more: Any,
) -> Finding:
    """Return a finding about ground; `more` may say another severity, area, part or place."""
    return Finding(
        rule=rule.code,
        severity=more.get("severity", rule.severity),
        parties=tuple(parties),
        ground=ground,
        place=place_in(ground),
        area_m2=float(more.get("area_m2", ground.area)),
        values=values,
        part=more.get("part", ""),
    )
