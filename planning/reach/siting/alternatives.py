"""Choices that are nearly as good as the best: what a planner may prefer for other reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from planning.reach.siting.exact import best_of, made_ready, newly_reached

if TYPE_CHECKING:
    from planning.reach.records import Floats
    from planning.reach.siting.exact import Progress
    from planning.reach.siting.records import Answer, Candidates, Cover, Existing, Problem

#: How much worse than the best a choice may be, as a share of it.
WORSE_BY: Final = 0.02
MOST: Final = 5


def alternatives(
    best: Answer,
    problem: Problem,
    candidates: Candidates,
    cover: Cover,
    people: Floats,
    existing: Existing,
    progress: Progress | None = None,
) -> Answer:
    """Return an answer with up to five others within 2 %, the best first.

    Each leaves out at least one site of every choice before it.
    """
    sought = made_ready(problem, candidates, cover, people, existing)
    least = _least(problem, best.objective, sought.asked.metres)
    known = [best.chosen]
    found: list[Answer] = []
    while len(found) < MOST and len(known[-1]) > 0:
        other = best_of(sought, progress, without=known, at_least=least)
        if other.status == "none":
            break
        reached = newly_reached(sought, other, cover, people, existing)
        found.append(
            replace(other, newly_people=reached, out_of_reach_people=sought.asked.out_of_reach)
        )
        known.append(other.chosen)
        if other.is_cancelled:
            break
    return replace(best, alternatives=tuple(found))


def _least(problem: Problem, objective: float, metres: float) -> float:
    """Return how good a choice must be: its gain, or less its cost."""
    # What the solver leaves of an exact limit.
    noise = 1e-9 * max(1.0, abs(objective))
    if problem.model == "set_cover":
        return -objective * (1.0 + WORSE_BY) - noise
    if problem.model == "p_median":
        return metres - objective * (1.0 + WORSE_BY) - noise
    return objective * (1.0 - WORSE_BY) - noise
