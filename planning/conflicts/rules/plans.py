"""Plan against plan: functions and indicators that differ from the level above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from planning.conflicts.engine import judges
from planning.conflicts.overlay import Pieces, between, is_above, parted, pieces_of
from planning.conflicts.records import Finding, Party, PartyKind, Severity
from planning.conflicts.unchecked import unchecked
from planning.topology.shapes import places_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from planning.conflicts.facts import Facts
    from planning.conflicts.records import Rule
    from planning.topology.shapes import Surface

#: What the matrix of functions says of a function under another.
FITS, ARGUED, CONTRADICTS, UNKNOWN = range(4)


@judges("function_differs")
def function_differs(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell of zones whose function does not fit that of the zone above.

    Severity: what contradicts has the rule's, what is to be argued the parameter's.
    """
    known = rule.parameters
    zones = facts.zones
    broad, _ = differing(facts, known["width_m"])
    verdict = verdicts(known["matrix"], zones.function)[broad.lower, broad.upper]
    for code, severity in (
        (CONTRADICTS, rule.severity),
        (ARGUED, Severity(known["argued_severity"])),
    ):
        found = broad.take(verdict == code).by_pair()
        for (lower, upper, ground), area_m2, place in measured(found, known["overlap_m2"]):
            yield Finding(
                rule=rule.code,
                severity=severity,
                parties=(zone(facts, lower), zone(facts, upper)),
                ground=ground,
                place=place,
                area_m2=area_m2,
                values={
                    **named(facts, lower, ""),
                    **named(facts, upper, "above_"),
                    "verdict": "contradicts" if code == CONTRADICTS else "argued",
                    "area_m2": area_m2,
                },
            )
    rows = np.unique(broad.lower[verdict == UNKNOWN])
    yield from unchecked(facts, rule, ((int(zones.plan[k]), "function_unknown") for k in rows))


def differing(facts: Facts, width_m: float) -> tuple[Pieces, Pieces]:
    """Return the broad and the thin ground on which functions differ from the level above."""

    def make(facts: Facts) -> tuple[Pieces, Pieces]:
        lower, upper = between(facts, is_above(facts))
        function = facts.zones.function
        differ = function[lower] != function[upper]
        return parted(facts, pieces_of(facts, lower[differ], upper[differ]), width_m)

    return facts.once(f"differing {width_m}", make)


class _Verdicts:
    """The matrix, asked by pairs of rows of zones."""

    def __init__(self, matrix: Mapping[str, Any], functions: NDArray[np.object_]) -> None:
        names, self._of = np.unique(functions.astype(str), return_inverse=True)
        number = {name: k for k, name in enumerate(names.tolist())}
        self._table = np.full((len(names), len(names)), UNKNOWN)
        inside = [number[name] for name in matrix["functions"] if name in number]
        self._table[np.ix_(inside, inside)] = CONTRADICTS
        for verdict, key in ((ARGUED, "argued"), (FITS, "fits")):
            for lower, uppers in matrix[key].items():
                for upper in uppers:
                    if lower in number and upper in number:
                        self._table[number[lower], number[upper]] = verdict
        np.fill_diagonal(self._table, FITS)

    def __getitem__(self, pair: tuple[NDArray[np.int64], NDArray[np.int64]]) -> NDArray[np.int64]:
        lower, upper = pair
        found: NDArray[np.int64] = self._table[self._of[lower], self._of[upper]]
        return found


def verdicts(matrix: Mapping[str, Any], functions: NDArray[np.object_]) -> _Verdicts:
    """Return what the matrix says, to be asked as `verdicts(…)[lower, upper]` by rows of zones."""
    return _Verdicts(matrix, functions)


def measured(
    found: list[tuple[int, int, Surface]], tolerance_m2: float
) -> Iterable[tuple[tuple[int, int, Surface], float, tuple[float, float]]]:
    """Return with its area and a place in it each ground that is larger than the tolerance."""
    ground = np.empty(len(found), dtype=object)
    ground[:] = [surface for _, _, surface in found]
    area = shapely.area(ground)
    large = np.flatnonzero(area > tolerance_m2)
    places = places_in(ground[large]) if len(large) else []
    for k, place in zip(large.tolist(), places, strict=True):
        yield found[k], float(area[k]), place


def zone(facts: Facts, row: int) -> Party:
    """Return a zone as a party."""
    return Party(PartyKind.ZONE, facts.zones.key[row])


def named(facts: Facts, row: int, prefix: str) -> dict[str, str]:
    """Return the values by which sentences name a zone: its label, function and plan."""
    zones = facts.zones
    return {
        f"{prefix}zone": zones.label[row] or zones.key[row],
        f"{prefix}function": zones.function[row],
        f"{prefix}plan": facts.plans[int(zones.plan[row])].code,
    }
