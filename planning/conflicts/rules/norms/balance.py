"""The land balance of a plan against what its people need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from planning.conflicts.engine import judges
from planning.conflicts.records import Finding, Party, PartyKind
from planning.conflicts.unchecked import unchecked
from planning.norms.services import ServiceNorms
from planning.topology.shapes import place_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planning.conflicts.facts import Facts, Plan
    from planning.conflicts.records import Rule
    from planning.norms import Norm

_RANGE: Final = re.compile(r"(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
_AT_LEAST: Final = re.compile(r">= (\d+(?:\.\d+)?)")
_FEWER_THAN: Final = re.compile(r"under (\d+) people")
#: m² a person for one unit of a norm.
_UNITS: Final = {"m2/person": 1.0, "ha/1000 people": 10.0}


@judges("land_for_people")
def land_for_people(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell of plans with less land of some functions than the norm asks for each person."""
    yield from _each_plan(facts, rule, _least)


@judges("land_balance")
def land_balance(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell of plans whose land for people is less, or more, than the range of the norm."""
    yield from _each_plan(facts, rule, _range)


@judges("traffic_share")
def traffic_share(facts: Facts, rule: Rule) -> Iterator[Finding]:
    """Tell of plans with a smaller share of land for traffic than the norm asks for."""
    yield from _each_plan(facts, rule, _share)


class _Short(NamedTuple):
    """What a plan has and should have, in m² a person or per cent, and what it lacks, in m²."""

    stated: float
    least: float
    most: float
    lacking_m2: float


def _each_plan(facts: Facts, rule: Rule, judge: Any) -> Iterator[Finding]:
    if not facts.with_plans:
        return
    doubts = []
    for row, plan in enumerate(facts.plans):
        if not plan.is_judged or plan.level not in rule.parameters["levels"]:
            continue
        found = judge(facts, plan, rule.parameters)
        if isinstance(found, str):
            doubts.append((row, found))
        elif found is not None:
            yield Finding(
                rule=rule.code,
                severity=rule.severity,
                parties=(Party(PartyKind.PLAN, plan.code),),
                ground=None,
                place=place_in(plan.ground),
                area_m2=found.lacking_m2,
                values={
                    "plan": plan.code,
                    "stated": found.stated,
                    "least": found.least,
                    "most": found.most,
                    "people": plan.people or 0,
                    "area_m2": found.lacking_m2,
                },
            )
    yield from unchecked(facts, rule, doubts)


def _least(facts: Facts, plan: Plan, known: Mapping[str, Any]) -> _Short | str | None:
    if plan.people is None:
        return "people_unknown"
    if plan.people == 0:
        return None
    least = _needed(facts, plan, known, plan.people)
    if isinstance(least, str):
        return least
    has_m2 = _sum(plan, known["functions"])
    if has_m2 >= least * plan.people:
        return None
    if has_m2 + _unknown_m2(plan, known) >= least * plan.people:
        return "function_unknown"
    return _Short(has_m2 / plan.people, least, least, least * plan.people - has_m2)


def _needed(facts: Facts, plan: Plan, known: Mapping[str, Any], people: float) -> float | str:
    """Return the m² a person that the norms in force on the plan's day ask for, or a reason."""
    services = ServiceNorms(facts.service_norms, on=plan.on)
    for ids in known.get("services", ()):
        rows = [services.row(one) for one in ids]
        if all(row is not None for row in rows):
            return sum(row.m2_a_person(people) for row in rows if row is not None)
    norms = [norm for name in known.get("rows", ()) if (norm := _norm(facts, plan, name))]
    for norm in norms:
        few = _FEWER_THAN.search(norm.key)
        if few is None or people < float(few[1]):
            found = _AT_LEAST.search(norm.value)
            if found is None:
                raise ValueError(f"a norm is not written as expected: {norm.value!r}")
            return float(found[1]) * _UNITS[norm.unit or "m2/person"]
    return "norm_ended"


def _range(facts: Facts, plan: Plan, known: Mapping[str, Any]) -> _Short | str | None:
    """Hold the land of a person against the range of the city's class.

    Where nobody said the class, what no class allows is found, and nothing else is decided.
    """
    if not plan.people:
        return "people_unknown"
    rows = [
        norm
        for norm in facts.norms
        if norm.topic == known["topic"][plan.level] and norm.holds_on(plan.on)
    ]
    ranges = [
        (float(found[1]), float(found[2]))
        for norm in rows
        if known["city_class"] in ("", norm.key) and (found := _RANGE.fullmatch(norm.value))
    ]
    if not ranges:
        return "norm_ended"
    has_m2 = _sum(plan, known["functions"])
    stated, perhaps = has_m2 / plan.people, (has_m2 + _unknown_m2(plan, known)) / plan.people
    least, most = min(low for low, _ in ranges), max(high for _, high in ranges)
    if perhaps < least:
        return _Short(stated, least, most, least * plan.people - has_m2)
    if stated > most:
        return _Short(stated, least, most, has_m2 - most * plan.people)
    if perhaps > stated:
        return "function_unknown"
    return None if all(low <= stated <= high for low, high in ranges) else "city_class_unknown"


def _share(facts: Facts, plan: Plan, known: Mapping[str, Any]) -> _Short | str | None:
    norm = _norm(facts, plan, known["row"])
    if norm is None:
        return "norm_ended"
    shares = dict(zip(known["levels"], map(float, norm.value.split("/")), strict=True))
    built_m2 = sum(plan.balance.values()) - _sum(plan, known["not_built"])
    if built_m2 <= 0:
        return None
    least, has_m2 = shares[plan.level], _sum(plan, known["functions"])
    stated = 100 * has_m2 / built_m2
    if stated >= least:
        return None
    if has_m2 + _unknown_m2(plan, known) >= least / 100 * built_m2:
        return "function_unknown"
    return _Short(stated, least, 100.0, least / 100 * built_m2 - has_m2)


def _norm(facts: Facts, plan: Plan, name: str) -> Norm | None:
    """Return the norm "topic/key" if it holds on the day of the plan."""
    topic, _, key = name.partition("/")
    for norm in facts.norms:
        if norm.topic == topic and norm.key == key and norm.holds_on(plan.on):
            found: Norm = norm
            return found
    return None


def _unknown_m2(plan: Plan, known: Mapping[str, Any]) -> float:
    """Return the ground of functions that the catalogue does not know: it may be for anything."""
    functions = set(plan.balance) - set(known["known"]["functions"])
    return _sum(plan, sorted(functions))


def _sum(plan: Plan, functions: list[str]) -> float:
    return sum(plan.balance.get(function, 0.0) for function in functions)
