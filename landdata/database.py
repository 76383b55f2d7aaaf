"""Small necessities of talking to the database."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from django.db import connections, transaction

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


def savepoint(using: str) -> AbstractContextManager[Any]:
    """Keep a failed statement from ending a transaction around us; outside one there is none.

    Reading through the public alias needs no transaction, and beginning one costs two round trips.
    """
    if connections[using].in_atomic_block:
        return transaction.atomic(using=using)
    return nullcontext()
