"""What clients send to change drafts."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # ninja reads annotations at run time
import re
import uuid  # noqa: TC003
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

#: What a planner may say that was done; beginning and undoing have ways of their own.
Action = Literal[
    "draw",
    "redraw",
    "move",
    "rotate",
    "hole",
    "reshape",
    "split",
    "merge",
    "cut",
    "buffer",
    "offset",
    "copy",
    "vertex",
    "numeric",
    "attributes",
    "bulk",
    "paste",
    "remove",
    "repair",
    "resolve",
]
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def _readable(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("control characters / ký tự điều khiển")
    return text


Text = Annotated[str, AfterValidator(_readable)]
Short = Annotated[Text, Field(max_length=60)]
Reason = Annotated[Text, Field(max_length=2_000)]
Place = tuple[float, float]


class _Strict(Schema):
    """A field that we do not know is a mistake, never lost in silence."""

    model_config = ConfigDict(extra="forbid")


class Content(_Strict):
    """What a plan says of a zone; what is left out stays as it is."""

    label: Short | None = None
    function: Short | None = None
    land_use_code: Annotated[Text, Field(max_length=10)] | None = None
    density: Short | None = None
    storeys: Short | None = None
    floor_area_ratio: Short | None = None
    population: Annotated[int, Field(ge=0, le=100_000_000)] | None = None
    note: Annotated[Text, Field(max_length=5_000)] | None = None

    def written(self) -> dict[str, Any]:
        """Return the fields that were sent. Only the number of people may be taken away."""
        sent = self.model_dump(exclude_unset=True)
        return {k: v for k, v in sent.items() if v is not None or k == "population"}


class Change(_Strict):
    """What shall become of one zone."""

    uid: uuid.UUID
    based_on: Annotated[int, Field(ge=1)] | None
    boundary: Any = None
    content: Content | None = None
    is_removed: bool = False


class EditRequest(_Strict):
    """An edit: all of it happens or nothing."""

    action: Action
    why: Reason = ""
    changes: list[Change]
    accept: Reason | None = None


class UndoRequest(_Strict):
    """Why an edit is taken back, and why faults that this opens shall be left."""

    why: Reason = ""
    accept: Reason | None = None


class AdjustmentRequest(_Strict):
    """An adjustment that begins."""

    adjustment: Literal["general", "local"]
    name_vi: Annotated[Text, Field(min_length=1, max_length=300)]
    name_en: Annotated[Text, Field(max_length=300)] = ""
    valid_from: dt.date
    extent: Any = None


class ApprovalRequest(_Strict):
    """The decision that approves a plan; needed where the draft does not state it."""

    decision_number: Annotated[Text, Field(min_length=1, max_length=60)] | None = None
    decision_date: dt.date | None = None


class Presence(_Strict):
    """Where somebody works."""

    at: Place | None = None
    zone: uuid.UUID | None = None


class VariantRequest(_Strict):
    """A drawing to keep beside the zone's own."""

    uid: uuid.UUID
    boundary: Any
    content: Content | None = None
    why: Reason = ""
