"""What zones of one plan are meant for, against what those of another are meant for."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from planning.conflicts.engine import judges
from planning.conflicts.overlay import LEVELS, Pieces, between, parted, pieces_of, under
from planning.conflicts.records import Severity
from planning.conflicts.told import of_pairs
from planning.conflicts.unchecked import unchecked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from planning.conflicts.facts import Facts
    from planning.conflicts.records import Finding, Rule

    Numbers = NDArray[np.int64]

#: What the matrix of functions says of a function under another.
FITS, ARGUED, CONTRADICTS, UNKNOWN = range(4)


@judges("function_differs")
def function_differs(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell of zones whose function does not fit that of the zone above.

    What contradicts has the severity of the rule, what is to be argued that of the parameter.
    """
    known, zones = rule.parameters, facts.zones
    broad, _ = differing(facts, known["width_m"])
    verdict = _verdicts(known["matrix"], zones.function, broad.lower, broad.upper)
    for code, severity, word in (
        (CONTRADICTS, rule.severity, "contradicts"),
        (ARGUED, Severity(known["argued_severity"]), "argued"),
    ):
        found = broad.take(verdict == code)
        yield from of_pairs(facts, rule, found, severity=severity, says={"verdict": word})
    rows = np.unique(broad.lower[verdict == UNKNOWN])
    yield from unchecked(facts, rule, ((int(zones.plan[k]), "function_unknown") for k in rows))


def differing(facts: Facts, width_m: float) -> tuple[Pieces, Pieces]:
    """Return the broad and the thin ground on which functions differ from the level above."""

    def make(facts: Facts) -> tuple[Pieces, Pieces]:
        lower, upper = under(facts)
        function = facts.zones.function
        differ = function[lower] != function[upper]
        return parted(pieces_of(facts, lower[differ], upper[differ]), width_m)

    return facts.once(f"differing {width_m}", make)


@judges("changed_from_force")
def changed_from_force(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell where a draft means ground for something else than its plan in force."""
    code = np.array([plan.code for plan in facts.plans], dtype=object)
    is_draft = np.array([plan.is_draft for plan in facts.plans], dtype=bool)
    related = is_draft[:, None] & ~is_draft[None, :] & (code[:, None] == code[None, :])
    draft, force = between(facts, related)
    function = facts.zones.function
    differ = function[draft] != function[force]
    broad, _ = parted(pieces_of(facts, draft[differ], force[differ]), rule.parameters["width_m"])
    for finding in of_pairs(facts, rule, broad, severity=rule.severity):
        changed, before = finding.parties
        # A zone keeps its name in the draft, so that two zones may meet each other both ways.
        yield dataclasses.replace(
            finding,
            parties=(changed,) if changed == before else finding.parties,
            part=changed.key,
        )


@judges("land_use_differs")
def land_use_differs(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell of zones of urban plans whose function the land-use plan has no land for."""
    known, zones = rule.parameters, facts.zones
    levels = np.array([plan.level in known["levels"] for plan in facts.plans], dtype=bool)
    regime = np.array([plan.level not in LEVELS for plan in facts.plans], dtype=bool)
    urban, land = between(facts, levels[:, None] & regime[None, :])
    verdict = _of_codes(known["codes"], zones.function, urban, land)
    doubtful = np.unique(urban[verdict == UNKNOWN])
    yield from unchecked(facts, rule, ((int(zones.plan[k]), "function_unknown") for k in doubtful))
    differ = verdict == CONTRADICTS
    broad, _ = parted(pieces_of(facts, urban[differ], land[differ]), known["width_m"])
    yield from of_pairs(facts, rule, broad, severity=rule.severity)


def _verdicts(
    matrix: Mapping[str, Any], functions: NDArray[np.object_], lower: Numbers, upper: Numbers
) -> Numbers:
    """Return what the matrix of functions says of pairs of zones."""
    names, of = np.unique(functions.astype(str), return_inverse=True)
    number = {name: k for k, name in enumerate(names.tolist())}
    table = np.full((len(names), len(names)), UNKNOWN)
    inside = [number[name] for name in matrix["functions"] if name in number]
    table[np.ix_(inside, inside)] = CONTRADICTS
    for verdict, key in ((ARGUED, "argued"), (FITS, "fits")):
        for below, above in matrix[key].items():
            if below in number:
                table[number[below], [number[name] for name in above if name in number]] = verdict
    np.fill_diagonal(table, FITS)
    return np.asarray(table[of[lower], of[upper]], dtype=np.int64)


def _of_codes(
    codes: Mapping[str, Any], functions: NDArray[np.object_], urban: Numbers, land: Numbers
) -> Numbers:
    """Return whether a function may stand on land of a code, for pairs of zones."""
    names, of = np.unique(functions.astype(str), return_inverse=True)
    known = {code for listed in codes.values() for code in listed}
    table = np.full((len(names), len(names)), UNKNOWN)
    for row, function in enumerate(names.tolist()):
        if function in codes:
            listed = set(codes[function])
            table[row] = [
                FITS if code in listed else CONTRADICTS if code in known else UNKNOWN
                for code in names.tolist()
            ]
    return np.asarray(table[of[urban], of[land]], dtype=np.int64)
