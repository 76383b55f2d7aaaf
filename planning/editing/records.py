"""An edit in plain values: what is asked for, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from django.contrib.gis.geos import MultiPolygon

    from planning.models import DraftEdit, DraftFault, DraftZone, DraftZoneState

#: What a person writes of a zone; the bounds of indicators are read from these texts.
WRITTEN_FIELDS: Final = (
    "label",
    "function",
    "land_use_code",
    "density",
    "storeys",
    "floor_area_ratio",
    "population",
    "note",
)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What shall become of one zone. What is None stays as it is."""

    uid: uuid.UUID
    #: The version the planner had on screen; None: the zone is new.
    based_on: int | None
    #: Valid, in the storage system.
    boundary: MultiPolygon | None = None
    #: Some of WRITTEN_FIELDS.
    content: Mapping[str, Any] = field(default_factory=dict)
    is_removed: bool = False


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What a planner asks for: all of it happens or nothing."""

    action: str
    changes: tuple[Change, ...]
    why: str = ""
    #: Why faults that the edit opens shall be left; empty: do not open any.
    accept: str = ""
    #: What the sender named the request.
    key: uuid.UUID
    digest: bytes = b""
    #: Number of the last edit that the sender saw.
    seen: int = 0


@dataclass(frozen=True)
class Outcome:
    """What came of an edit."""

    edit: DraftEdit
    states: list[DraftZoneState]
    opened: list[DraftFault]
    solved: list[uuid.UUID]


@dataclass(frozen=True)
class Draft:
    """A draft's zones as an edit finds them and as it leaves them."""

    before: dict[uuid.UUID, DraftZone]
    after: dict[uuid.UUID, DraftZone]
    removed: frozenset[uuid.UUID]
