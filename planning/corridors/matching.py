"""Which rules speak of an object, on a day. An attribute that is not recorded decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planning.corridors.records import Interval, Rule, SourceObject
from planning.corridors.words import QUANTITIES, SELECTORS, Place, Role, Side

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

#: Rules that lead to ground; the others only order or explain.
MEASURED = (Role.CORRIDOR, Role.SITING, Role.POLYGON)


@dataclass(frozen=True)
class Candidate:
    """A rule that holds for an object, or may hold."""

    rule: Rule
    #: Attributes that would have to be known to be sure; none: the rule holds.
    unknown: tuple[str, ...] = ()
    #: False where it is only the nearest in time: nothing of its family holds on the day.
    holds_on_day: bool = True


def in_force(rules: Iterable[Rule], *, on: dt.date) -> list[Rule]:
    """Return the rules of a day. Of two rows for one measure the one that begins later wins."""
    latest: dict[tuple[str, int], Rule] = {}
    for rule in rules:
        known = latest.get((rule.id, rule.measure))
        if rule.holds_on(on) and (known is None or known.valid_from < rule.valid_from):
            latest[rule.id, rule.measure] = rule
    return list(latest.values())


def rules_of_day(rules: Iterable[Rule], *, on: dt.date) -> list[tuple[Rule, bool]]:
    """Return the measured rules of a day, and whether each really holds on it.

    Where no rule of a family holds on the day, the table is silent about it, which is not the same
    as free ground: the family's nearest rules in time stand in, marked as not holding.
    """
    families: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.role in MEASURED:
            families.setdefault(rule.family, []).append(rule)
    found: list[tuple[Rule, bool]] = []
    for members in families.values():
        holding = in_force(members, on=on)
        if holding:
            found += [(rule, True) for rule in holding]
            continue
        ended = [rule.valid_to for rule in members if rule.valid_to and rule.valid_to <= on]
        if ended:
            near = [rule for rule in members if rule.valid_to == max(ended)]
        else:
            first = min(rule.valid_from for rule in members)
            near = [rule for rule in members if rule.valid_from == first]
        found += [(rule, False) for rule in near]
    return found


def rules_for(source: SourceObject, rules: Iterable[Rule], *, on: dt.date) -> list[Candidate]:
    """Return the measured rules that hold for the object on the day, or may hold."""
    return matching(source, rules_of_day(rules, on=on))


def matching(source: SourceObject, of_day: Iterable[tuple[Rule, bool]]) -> list[Candidate]:
    """Return the candidates among the rules of one day."""
    found = []
    for rule, holds in of_day:
        if rule.object != source.kind:
            continue
        unknown = _unknown(source, rule)
        if unknown is not None:
            found.append(Candidate(rule, unknown, holds))
    return found


def signature(source: SourceObject) -> tuple[object, ...]:
    """Return all that decides which rules hold: objects with one signature share their rules."""
    texts = tuple(source.text(name) for name in SELECTORS)
    numbers = tuple(source.number(name) for name in QUANTITIES)
    unit = source.text("capacity_unit")
    return (source.kind, source.is_urban, source.number("flow_deg") is None, unit, *texts, *numbers)


def _unknown(source: SourceObject, rule: Rule) -> tuple[str, ...] | None:
    """Return the attributes that keep the rule in doubt; None where it does not hold."""
    unknown: list[str] = []
    for attribute, words in rule.selectors.items():
        recorded = source.text(attribute)
        exceptions = {word[1:] for word in words if word.startswith("!")}
        wanted = {word.lstrip("=") for word in words if not word.startswith("!")}
        if recorded in exceptions or (wanted and recorded and recorded not in wanted):
            return None
        if wanted and not recorded:
            if any(word.startswith("=") for word in words):
                return None
            unknown.append(attribute)
    if rule.quantity:
        number = source.number(rule.quantity)
        if number is None or (rule.unit and source.text("capacity_unit") != rule.unit):
            unknown.append(rule.quantity)
        elif number not in Interval.read(rule.range):
            return None
    if rule.place != Place.ANY:
        if source.is_urban is None:
            unknown.append("is_urban")
        elif source.is_urban != (rule.place == Place.URBAN):
            return None
    has_current = source.number("flow_deg") is not None
    if rule.side in (Side.UPSTREAM, Side.DOWNSTREAM) and not has_current:
        return None
    if rule.side == Side.NO_CURRENT and has_current:
        return None
    return tuple(unknown)
