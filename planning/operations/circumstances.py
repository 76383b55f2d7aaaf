"""Saying what kind of area a zone lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from landdata.errors import Forbidden, Invalid, Missing
from planning.models import DraftZone, Zone, ZoneCircumstance
from planning.norms.circumstances import SIDES
from planning.permissions import may_draft

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from accounts.models import User
    from planning.norms.circumstances import Circumstance


@transaction.atomic
def say_circumstance(
    *, zone: uuid.UUID, known: Circumstance, source: str, by: User, on: dt.date
) -> ZoneCircumstance:
    """Say what is known of the area of a zone, of a draft or in force; nothing known takes it back.

    Saying the same again writes nothing. Raises Missing for a zone that is not there; Forbidden
    outside the person's territory; Invalid `circumstance_unreadable` for a word that norms do not
    know and `circumstance_without_source` where nobody says what it rests on.
    """
    grounds = [
        *DraftZone.objects.filter(uid=zone).values_list("boundary", flat=True),
        *Zone.objects.known_now().filter(uid=zone).values_list("boundary", flat=True),
    ]
    if not grounds:
        raise Missing("zone", id=str(zone))
    if not all(may_draft(by, on=on, at=ground) for ground in grounds):
        raise Forbidden("say_circumstance")
    said = {side: getattr(known, side) for side in SIDES}
    for side, word in said.items():
        if word not in SIDES[side]:
            raise Invalid("circumstance_unreadable", side=side, word=word)
    if any(said.values()) and not source.strip():
        raise Invalid("circumstance_without_source", zone=str(zone))
    before = ZoneCircumstance.objects.filter(zone_uid=zone).order_by("pk").last()
    if before is not None and all(getattr(before, side) == word for side, word in said.items()):
        return before
    return ZoneCircumstance.objects.create(zone_uid=zone, source=source.strip(), by=by, **said)
