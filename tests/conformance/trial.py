"""What every standard's tests have in common: which cases there are, and how a table must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.conformance.assertions import NOT_APPLICABLE, OPEN, PASS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conformance.assertions import Assertion, Book, Row


def cases(book: Book, table: Mapping[str, Row]) -> list[Any]:
    """Return the assertions as parameters; an open one must fail until its row is changed."""
    return [pytest.param(a, id=a.id, marks=_marks(table[a.id])) for a in book.assertions.values()]


def _marks(row: Row) -> list[Any]:
    if row.state != OPEN:
        return []
    return [pytest.mark.xfail(reason=row.why, raises=AssertionError, strict=True)]


def damaged_cases(book: Book, table: Mapping[str, Row]) -> list[Any]:
    """Return each damage of each assertion that holds."""
    return [
        pytest.param(assertion, damage, id=f"{assertion.id}: {damage.name}")
        for assertion in book.assertions.values()
        if table[assertion.id].state == PASS
        for damage in assertion.damages
    ]


def assert_fails(assertion: Assertion, damage: Any, service: Any) -> None:
    """Hold a checker against a spoilt answer: it must complain."""
    spoilt = damage.applied(assertion.answers(service))
    with pytest.raises(AssertionError):
        assertion.check(*spoilt)


def assert_table_fits(book: Book, table: Mapping[str, Row]) -> None:
    """Hold a table against the tests: same assertions, known states, reasons where needed."""
    tested = {name for name, row in table.items() if row.state in (PASS, OPEN)}
    assert tested == set(book.assertions)
    assert {row.state for row in table.values()} <= {PASS, NOT_APPLICABLE, OPEN}
    for row in table.values():
        assert row.clause, row.id
        assert row.sentence.endswith("."), row.id
        assert bool(row.why) == (row.state != PASS), row.id


def assert_each_can_fail(book: Book) -> None:
    """Demand a damage of every assertion, and no damage twice."""
    for assertion in book.assertions.values():
        names = [damage.name for damage in assertion.damages]
        assert names, assertion.id
        assert len(names) == len(set(names)), assertion.id
