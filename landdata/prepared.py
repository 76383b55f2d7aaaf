"""Statements that the database plans once per connection.

A statement over many tables takes longer to plan than to run. One that is asked for every plot is
therefore prepared; the server forgets it with the connection.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Which statements each open connection knows.
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()

_PARAMETER = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Statement:
    """A statement with parameters `%(name)s`, each of which has a type in `types`."""

    name: str
    sql: str
    types: Mapping[str, str]
    _order: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "_order", tuple(self.types))

    def rows(self, values: Mapping[str, Any], *, using: str) -> list[tuple[Any, ...]]:
        """Return the rows for these values. Raises DatabaseError."""
        connection = connections[using]
        with connection.cursor() as cursor:
            known = _known.setdefault(connection.connection, set())
            if self.name not in known:
                # A connection can already know it: what is known belongs to a wrapper that is gone.
                cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = %s", [self.name])
                if cursor.fetchone() is None:
                    cursor.execute(self.preparing)
                known.add(self.name)
            cursor.execute(*self.executing(values))
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    @property
    def preparing(self) -> str:
        """The SQL that makes it known to a connection."""
        numbered = _PARAMETER.sub(lambda m: f"${self._order.index(m.group(1)) + 1}", self.sql)
        return f"PREPARE {self.name} ({', '.join(self.types.values())}) AS {numbered}"

    def executing(self, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
        """Return the SQL that runs it, and what fills its places."""
        places = ", ".join(["%s"] * len(self._order))
        return f"EXECUTE {self.name} ({places})", [values[name] for name in self._order]
