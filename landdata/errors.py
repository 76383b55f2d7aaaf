"""The four ways to say no.

Each carries a code and its values. The sentence a person can act on stands in the message
catalogues under `error.<code>`; what HTTP makes of it stands in config/errors.py.
"""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Something a person asked for cannot be done, and we can say why."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in sorted(self.values.items()))
        return f"{self.code} ({shown})" if shown else self.code


class Missing(Refusal):
    """What was named does not exist, or not for this caller."""


class Forbidden(Refusal):
    """This person may not do this."""


class Stale(Refusal):
    """Somebody else changed it since this person looked."""


class Invalid(Refusal):
    """What was sent breaks a rule."""
