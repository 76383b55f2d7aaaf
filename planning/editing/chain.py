"""The chain of a draft's edits: whoever changes, drops or inserts one breaks it.

Each digest covers the edit, every zone as it left it, and the digest before. The last one stands
with the plan's version as well, so that a cut tail shows. (A hash chain as in ISO/IEC 18014-3
linked time stamps.) Against somebody who may write the whole database it helps only together with
a digest kept elsewhere: publication writes it into its revision, which is public.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

from planning.editing.records import WRITTEN_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planning.models import DraftEdit, DraftZoneState

#: What the first edit follows.
ORIGIN: Final = bytes(32)


def digest_of(edit: DraftEdit, states: Iterable[DraftZoneState], *, undoes: int | None) -> bytes:
    """Return the SHA-256 that closes `edit`.

    `undoes` is the number of the edit that it takes back. Coordinates go in as the bytes of their
    doubles, so that not even a rounding passes.
    """
    sealed = hashlib.sha256()
    head = {
        "plan_version": edit.version_of_id,
        "number": edit.number,
        "action": edit.action,
        "why": edit.why,
        "by": edit.by_id,
        "at": edit.at.timestamp(),
        "undoes": undoes,
        "accepted": edit.accepted,
        "key": str(edit.key),
        "request": bytes(edit.request_digest).hex(),
        "previous": bytes(edit.previous_digest).hex(),
    }
    sealed.update(_written(head))
    for state in sorted(states, key=lambda state: str(state.uid)):
        content = {name: getattr(state, name) for name in WRITTEN_FIELDS}
        sealed.update(_written({"uid": str(state.uid), "version": state.version, **content}))
        drawn = b"" if state.boundary is None else bytes(state.boundary.wkb)
        sealed.update(len(drawn).to_bytes(8, "big") + drawn)
    return sealed.digest()


def _written(values: dict[str, object]) -> bytes:
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    # Each piece says its length: no two sequences of pieces read alike.
    written = text.encode()
    return len(written).to_bytes(8, "big") + written
