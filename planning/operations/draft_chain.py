"""Verifying that nobody touched the history of a draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planning.editing.chain import ORIGIN, digest_of
from planning.editing.records import WRITTEN_FIELDS
from planning.models import DraftZoneState

if TYPE_CHECKING:
    from planning.models import PlanVersion


@dataclass(frozen=True)
class Verdict:
    """Whether a chain holds, else which edit is the first that does not."""

    is_intact: bool
    edits: int
    head: str
    first_fault: int | None = None
    #: missing, changed, unlinked, zones_differ or head_differs.
    trouble: str = ""


def verify_history(version: PlanVersion) -> Verdict:
    """Read all edits of a draft again and compare them with their digests.

    The zones as the last edits left them must be the zones that are there, too: else somebody drew
    past the history.
    """
    head = bytes(version.edits_head).hex()
    previous = ORIGIN
    edits = version.history.select_related("undoes").order_by("number")
    count = 0
    for count, edit in enumerate(edits.iterator(chunk_size=500), start=1):
        states = list(DraftZoneState.objects.filter(edit=edit))
        undoes = edit.undoes.number if edit.undoes else None
        trouble = ""
        if edit.number != count:
            trouble = "missing"
        elif bytes(edit.previous_digest) != previous:
            trouble = "unlinked"
        elif bytes(edit.digest) != digest_of(edit, states, undoes=undoes):
            trouble = "changed"
        if trouble:
            return Verdict(False, version.edits, head, count, trouble)
        previous = bytes(edit.digest)
    if count != version.edits:
        return Verdict(False, version.edits, head, count + 1, "missing")
    if count and previous != bytes(version.edits_head):
        return Verdict(False, version.edits, head, count, "head_differs")
    if count and version.is_editable and not _zones_are_as_left(version):
        return Verdict(False, version.edits, head, None, "zones_differ")
    return Verdict(True, version.edits, head)


def _zones_are_as_left(version: PlanVersion) -> bool:
    names = ("uid", "version", "boundary", *WRITTEN_FIELDS)
    last = (
        DraftZoneState.objects.filter(version_of=version)
        .order_by("uid", "-version")
        .distinct("uid")
        .values_list(*names)
    )
    left = {row[0]: _comparable(row) for row in last if row[2] is not None}
    there = {row[0]: _comparable(row) for row in version.drafts.values_list(*names)}
    return left == there


def _comparable(row: tuple[Any, ...]) -> tuple[Any, ...]:
    uid, number, boundary, *content = row
    return (uid, number, bytes(boundary.wkb), *content)
