"""Zones against corridors, and works against works that have to keep a distance.

Corridors are measured by planning.corridors, the same engine that an extract goes by: what is
certain there is a conflict here, what is open is noted with what would decide it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from planning.conflicts.engine import judges
from planning.conflicts.grounds import (
    cannot_be_checked,
    common,
    finding,
    is_sliver,
    judged_zones,
    meant_for,
    named,
    surface_of,
    zone_party,
)
from planning.conflicts.records import Party, PartyKind, Severity
from planning.corridors import Corridor, DayRules, Effect, ObjectKind, Role, govern
from planning.topology.shapes import as_array

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from planning.conflicts.facts import Facts
    from planning.conflicts.records import Finding, Rule
    from planning.corridors import SourceObject

    Objects = NDArray[np.object_]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

#: What the rules of overlaps speak of (road_overlap_rail, _dyke, _road).
_RANKED: Final = (ObjectKind.RAILWAY, ObjectKind.DYKE, ObjectKind.ROAD)
UNCERTAIN: Final = "uncertain"


@dataclass(frozen=True, eq=False)
class _Met:
    """Corridors and zones that share ground, and that ground."""

    corridor: Ints
    zone: Ints
    ground: Objects

    def where(self, kept: Bools) -> _Met:
        return _Met(self.corridor[kept], self.zone[kept], self.ground[kept])


@judges("corridor_restricts")
def corridor_restricts(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell zones whose function is restricted on ground that a corridor takes.

    One for each zone, object and row of the table of corridors; ground that is possibly inside is
    told by itself, as a note. Where a railway, a dyke or a higher road governs and restricts the
    same function, the other corridor is not told.
    """
    if not facts.corridor_rules:
        yield from cannot_be_checked(facts, rule, "no_corridor_rules")
        return
    told = rule.parameters
    drawn = [corridor for corridor in facts.corridors if corridor.rule.role is not Role.SITING]
    mine = _named(drawn, told["rules"])
    restricted = _Restricted(facts, told)
    for is_certain in (True, False):
        shapes = as_array(c.certain if is_certain else c.uncertain for c in mine)
        met = _met(facts, mine, shapes, restricted, told)
        if is_certain:
            met = _governing(facts, mine, met, restricted, told)
        for corridor, zone, shape in zip(
            met.corridor.tolist(), met.zone.tolist(), met.ground, strict=True
        ):
            ground = surface_of(shape)
            if ground is not None:
                yield _told(facts, rule, mine[corridor], zone, ground, is_certain=is_certain)


@judges("sited_too_near")
def sited_too_near(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell zones for people, and works in zones, that stand too near to works of another kind.

    A distance between two works is told once for each of the two, in the zone where it stands:
    it is that zone that says what may stand there.
    """
    if not facts.corridor_rules:
        yield from cannot_be_checked(facts, rule, "no_corridor_rules")
        return
    told = rule.parameters
    mine = _named(facts.once("siting", _siting), told["rules"])
    shapes = as_array(corridor.certain for corridor in mine)
    met = _met(facts, mine, shapes, _Restricted(facts, told), told)
    for corridor, zone, shape in zip(
        met.corridor.tolist(), met.zone.tolist(), met.ground, strict=True
    ):
        ground, other = surface_of(shape), mine[corridor]
        if ground is not None:
            # Of a planned burial ground nobody has said how the dead are buried.
            is_certain = _row(other) not in told["technologies"]
            yield _told(facts, rule, other, zone, ground, is_certain=is_certain)
    works = [source for source in facts.objects if source.shape.area > 0]
    if mine and works:
        yield from _works_too_near(facts, rule, mine, works)


def _works_too_near(
    facts: Facts, rule: Rule, corridors: Sequence[Corridor], works: Sequence[SourceObject]
) -> Iterator[Finding]:
    told = rule.parameters
    asked = judged_zones(facts, told["levels"])
    shapes = as_array(source.shape for source in works)
    in_zones = np.unique(shapely.STRtree(shapes).query(facts.zones.shape[asked])[1])
    works, shapes = [works[row] for row in in_zones], shapes[in_zones]
    grounds = as_array(corridor.certain for corridor in corridors)
    pairs = shapely.STRtree(shapes).query(grounds, predicate="intersects")
    for corridor, work in sorted(zip(*pairs.tolist(), strict=True)):
        other, own = corridors[corridor], works[work]
        if own.key == other.source.key or not _keeps_away(own, other, told):
            continue
        inside = shapely.intersection(shapes[work], grounds[corridor])
        for zone in sorted(facts.zones.tree.query(inside, predicate="intersects").tolist()):
            ground = surface_of(shapely.intersection(inside, facts.zones.shape[zone]))
            if not asked[zone] or ground is None or ground.area <= told["tolerance_m2"]:
                continue
            yield _told(facts, rule, other, zone, ground, is_certain=True, work=own)


def _siting(facts: Facts) -> list[Corridor]:
    """Return the distances between works, as ground around each.

    In a partial run they may be cut short where no judged zone is.
    """
    rules = [rule for rule in facts.corridor_rules if rule.role is Role.SITING]
    day = DayRules.on(rules, facts.on)
    if facts.is_whole:
        return day.corridors(facts.objects)
    judged = facts.zones.shape[facts.zones.is_judged]
    if not len(judged):
        return []
    near = shapely.union_all(shapely.envelope(judged))
    return day.corridors(day.reaching(facts.objects, near), near=near)


def _keeps_away(own: SourceObject, other: Corridor, told: Mapping[str, Any]) -> bool:
    """Whether a work is of a kind that the distance is for."""
    kind = f"{own.kind}/{own.text('kind')}"
    if not any(kind in told["works"].get(word, ()) for word in other.rule.restricts):
        return False
    technologies = told["technologies"].get(_row(other))
    return technologies is None or own.text("technology") in technologies


def _named(corridors: Sequence[Corridor], names: Sequence[str]) -> list[Corridor]:
    """Return the corridors of the rows of the table that are named; names may hold "*"."""
    rows = {corridor.rule.id for corridor in corridors}
    wanted = {row for row in rows if any(fnmatchcase(row, name) for name in names)}
    return [corridor for corridor in corridors if corridor.rule.id in wanted]


def _row(corridor: Corridor) -> str:
    """Return the row of the table of corridors that a corridor follows."""
    return f"{corridor.rule.id} {corridor.rule.measure}"


class _Restricted:
    """Which zones have a function that a corridor restricts, by the words of its rule."""

    def __init__(self, facts: Facts, told: Mapping[str, Any]) -> None:
        self._functions, self._words = facts.zones.function, told["restricts"]
        self._kept: dict[tuple[str, ...], Bools] = {}

    def by(self, corridor: Corridor) -> Bools:
        words = corridor.rule.restricts
        if words not in self._kept:
            functions = [f for word in words for f in self._words.get(word, ())]
            self._kept[words] = meant_for(self._functions, functions)
        return self._kept[words]


def _met(
    facts: Facts,
    corridors: Sequence[Corridor],
    shapes: Objects,
    restricted: _Restricted,
    told: Mapping[str, Any],
) -> _Met:
    """Return the ground of corridors in judged zones of restricted functions."""
    asked = judged_zones(facts, told["levels"])
    if not len(shapes) or not asked.any():
        none = np.empty(0, dtype=np.int64)
        return _Met(none, none, np.empty(0, dtype=object))
    corridor, zone = facts.zones.tree.query(shapes, predicate="intersects")
    kept = asked[zone]
    corridor, zone = corridor[kept], zone[kept]
    words = [c.rule.restricts for c in corridors]
    kinds = {said: corridors[place] for place, said in enumerate(words)}
    number = {said: place for place, said in enumerate(kinds)}
    of = np.array([number[said] for said in words])
    matters = np.array([restricted.by(one) for one in kinds.values()])[of[corridor], zone]
    corridor, zone = corridor[matters], zone[matters]
    ground = common(shapes[corridor], facts.zones.shape[zone])
    met = _Met(corridor, zone, ground)
    return met.where(
        (shapely.area(ground) > told["tolerance_m2"]) & ~is_sliver(ground, told["sliver_width_m"])
    )


def _governing(
    facts: Facts,
    corridors: Sequence[Corridor],
    met: _Met,
    restricted: _Restricted,
    told: Mapping[str, Any],
) -> _Met:
    """Return the ground without what another corridor governs that restricts the same function."""
    ranked = [c for c in facts.corridors if c.source.kind in _RANKED and not c.certain.is_empty]
    mine = np.flatnonzero([corridors[c].source.kind in _RANKED for c in met.corridor.tolist()])
    if not ranked or not len(mine):
        return met
    tree = shapely.STRtree(as_array(corridor.certain for corridor in ranked))
    ground: Objects = np.array(met.ground, dtype=object)
    for place, other in zip(*tree.query(ground[mine], predicate="intersects"), strict=True):
        at, zone = int(mine[place]), int(met.zone[mine[place]])
        own, winner = corridors[int(met.corridor[at])], ranked[int(other)]
        if not _may_govern(winner, own) or not restricted.by(winner)[zone]:
            continue
        both = surface_of(shapely.intersection(ground[at], winner.certain))
        if both is None or both.area <= told["tolerance_m2"]:
            continue
        ordered = govern([own, winner], facts.corridor_rules, on=facts.on, piece=both)
        if any(one.corridor is own and one.superseded_by is not None for one in ordered):
            ground[at] = shapely.difference(ground[at], both)
    kept = shapely.area(ground) > told["tolerance_m2"]
    return _Met(met.corridor, met.zone, ground).where(kept)


def _may_govern(winner: Corridor, own: Corridor) -> bool:
    """Whether one of two corridors could take the place of the other; asked before it is drawn."""
    kinds = {winner.source.kind, own.source.kind}
    if winner is own or winner.source.key == own.source.key or ObjectKind.ROAD not in kinds:
        return False
    return len(kinds) > 1 or winner.source.text("technical_class") != own.source.text(
        "technical_class"
    )


def _told(
    facts: Facts,
    rule: Rule,
    corridor: Corridor,
    zone: int,
    ground: Any,
    *,
    is_certain: bool,
    work: SourceObject | None = None,
) -> Finding:
    """Return what is told of a zone, or of a work in it, inside a corridor."""
    row, source = corridor.rule, corridor.source
    parties = [zone_party(facts, zone), Party(PartyKind.OBJECT, source.key)]
    values: dict[str, float | int | str] = {
        **named(facts, zone),
        "object": source.name or source.key,
        "kind": source.text("kind") or str(source.kind),
        "corridor": row.id,
        "measure": row.measure,
        "effect": str(row.effect),
        "m2": ground.area,
        "reach_m": max(corridor.reach_m),
        "law": row.legal_source,
        "confidence": row.confidence,
    }
    part = _row(corridor)
    if work is not None:
        parties.insert(1, Party(PartyKind.OBJECT, work.key))
        values["work"] = work.name or work.key
        # Two works in one zone may be too near to each other both ways.
        part = f"{part} {work.key}"
    if not is_certain:
        values["doubts"] = "+".join(corridor.doubts) or "technology_unknown"
    severities = rule.parameters.get("severities", {})
    severity = Severity(severities.get(str(row.effect), rule.severity))
    if row.effect is Effect.LISTED or not is_certain:
        severity = Severity.NOTES
    return finding(
        rule,
        parties,
        ground,
        values,
        severity=severity,
        part=part if is_certain else f"{part} {UNCERTAIN}",
    )
