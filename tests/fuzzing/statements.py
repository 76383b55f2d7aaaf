"""What the database was told: statements, and whether a caller's words stand in their text.

Drivers write values into the text of a statement as quoted literals, so the text alone proves
nothing. What counts is whether a caller's words stand anywhere *outside* a literal: as a name, as
a word of SQL, in a comment. The server's own log has every statement of every client, MapServer
included; the literals are taken out by PostgreSQL's rules (SQL syntax, 4.1.2), and what is left
must not hold a word that a request sent.
"""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2
from psycopg2 import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A word that only a request can have brought in; each request brings another.
MARK = re.compile(r"zq[0-9a-f]{10}", re.IGNORECASE)
_RECORD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \S+ \[\d+\] \S*@(\S*) (\w+):  ", re.M)
_SAID = re.compile(r"(?:statement|execute [^:]*|parse [^:]*|bind [^:]*): ")
_LITERAL = re.compile(
    r"""
    (?P<escaped> \b[eE]'(?:[^'\\]|\\.|'')*' )
    | (?P<plain> (?:\b(?:[bBxX]|[uU]&))?'(?:[^']|'')*' )
    | (?P<dollar> \$(?P<tag>[A-Za-z_\x80-\uffff]\w*|)\$ .*? \$(?P=tag)\$ )
    | (?P<name> "(?:[^"]|"")*" )
    | (?P<comment> --[^\n]* )
    """,
    re.VERBOSE | re.DOTALL,
)


def without_literals(statement: str) -> str:
    """Return a statement with its quoted values taken out; quoted names and comments stay.

    >>> without_literals("SELECT 'it''s', E'a\\\\'b', $x$;$x$, \\"na'me\\" -- 'c'")
    'SELECT ?, ?, ?, "na\\'me" -- \\'c\\''
    """
    return _LITERAL.sub(
        lambda found: found[0] if found["name"] or found["comment"] else "?", statement
    )


def words_of_callers(log: str, database: str) -> list[str]:
    """Return the statements of a database that hold a caller's word outside a literal."""
    return [s for s in statements(log, database) if MARK.search(without_literals(s))]


def statements(log: str, database: str) -> Iterator[str]:
    """Return the statements that a server's log has for a database."""
    records = list(_RECORD.finditer(log))
    ends = [*(record.start() for record in records[1:]), len(log)]
    for record, end in zip(records, ends, strict=False):
        text = log[record.end() : end]
        said = _SAID.match(text)
        if record[1] == database and record[2] == "LOG" and said:
            yield text[said.end() :].replace("\n\t", "\n")


@contextlib.contextmanager
def all_logged(database: str) -> Iterator[StatementLog]:
    """Have the throwaway server log every statement of a database until the block ends."""
    log = StatementLog(Path(os.environ["DIADO_TEST_RUN"]) / "postgres.log", database)
    admin = psycopg2.connect(os.environ["DIADO_TEST_ADMIN_DATABASE_URL"])
    admin.autocommit = True
    with contextlib.closing(admin), admin.cursor() as cursor:
        name = sql.Identifier(database)
        cursor.execute(sql.SQL("ALTER DATABASE {} SET log_statement = 'all'").format(name))
        # Who is connected already goes on in silence, so everybody has to connect anew.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database]
        )
        yield log


class StatementLog:
    """The end of a server's log. Public: `words_of_callers`, `count`."""

    def __init__(self, path: Path, database: str) -> None:
        self._path = path
        self._database = database
        self._from = path.stat().st_size
        self.count = 0

    def words_of_callers(self) -> list[str]:
        """Read on to the present end; return what statements hold words of callers."""
        with self._path.open("rb") as file:
            file.seek(self._from)
            # One letter a byte: what quotes a value is ASCII, and places stay those of the file.
            text = file.read().decode("latin-1")
        # The last record may still be being written.
        last = max((record.start() for record in _RECORD.finditer(text)), default=0)
        self._from += last
        self.count += sum(1 for _ in statements(text[:last], self._database))
        return words_of_callers(text[:last], self._database)
