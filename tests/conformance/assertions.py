"""Assertions of a standard, and the table that says how each of them stands."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.conformance.answers import Answer, Answers
    from tests.conformance.damages import Damage

FOLDER = Path(__file__).parent
PASS, NOT_APPLICABLE, OPEN = "pass", "not applicable", "open"

Ask = Callable[[Any], "Answer | Answers"]
Check = Callable[..., None]


@dataclass(frozen=True)
class Assertion:
    """What to ask, what must hold of the answers, and by which damages the checker is tried."""

    id: str
    ask: Ask
    #: Takes the answers in the order in which they were asked; raises AssertionError.
    check: Check
    damages: tuple[Damage, ...]

    def answers(self, service: Any) -> Answers:
        """Ask the service."""
        found = self.ask(service)
        return found if isinstance(found, tuple) else (found,)


@dataclass
class Book:
    """The assertions of one standard."""

    assertions: dict[str, Assertion] = field(default_factory=dict)

    def states(self, name: str, ask: Ask, *damages: Damage) -> Callable[[Check], Check]:
        """Enter a checker under an assertion's id."""

        def enter(check: Check) -> Check:
            assert name not in self.assertions, f"{name} stands twice"
            self.assertions[name] = Assertion(name, ask, check, damages)
            return check

        return enter

    def demands(self, name: str, ask: Ask, check: Check, *damages: Damage) -> None:
        """Enter a checker that several assertions share."""
        self.states(name, ask, *damages)(check)


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    id: str
    clause: str
    sentence: str
    state: str
    why: str


def read_table(name: str) -> dict[str, Row]:
    """Return a table by its assertions' ids. Raises AssertionError when one stands twice."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = [Row(**row) for row in csv.DictReader(lines)]
    found = {row.id: row for row in rows}
    assert len(found) == len(rows), f"an id stands twice in {name}.csv"
    return found
