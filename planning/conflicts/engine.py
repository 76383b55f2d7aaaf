"""Holding facts against rules: which function judges which rule, and all of them together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, Final

from planning.conflicts.unchecked import counted_together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from planning.conflicts.facts import Facts
    from planning.conflicts.records import Finding, Rule

    Judge = Callable[[Facts, Rule], Iterable[Finding]]

#: Judges by name; `judges` puts them here.
JUDGES: Final[dict[str, Judge]] = {}


def judges(name: str) -> Callable[[Judge], Judge]:
    """Make a function the judge of all rules that name it."""

    def keep(judge: Judge) -> Judge:
        if name in JUDGES:
            raise ValueError(f"two judges are called {name}")
        JUDGES[name] = judge
        return judge

    return keep


def judge(
    facts: Facts,
    rules: Sequence[Rule],
    *,
    workers: int = 1,
    progress: Callable[[int, Rule], None] | None = None,
) -> list[Finding]:
    """Return what the rules in force on the day find, in an order that no chance decides.

    Rules are looked at side by side by `workers` threads; what they find does not depend on it.
    `progress` hears of each rule that is through, in this thread, and may raise to end the work.
    """
    holding = [rule for rule in rules if rule.holds_on(facts.on)]
    found: list[Finding] = []
    with ThreadPoolExecutor(max_workers=workers) as pool:
        running = {pool.submit(_all, rule, facts): rule for rule in holding}
        try:
            for done, future in enumerate(as_completed(running), start=1):
                found += future.result()
                if progress is not None:
                    progress(done, running[future])
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    found.sort(key=lambda finding: (finding.rule, finding.parties, finding.part))
    return found


def _all(rule: Rule, facts: Facts) -> list[Finding]:
    return counted_together(JUDGES[rule.judge](facts, rule))
