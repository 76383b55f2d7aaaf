"""What kind of area a zone lies in, as far as norms ask: said by planners, and never changed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from planning.norms.circumstances import SIDES


def _is_known(side: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{side}__in": SIDES[side]}), name=f"zone_circumstance_{side}_known"
    )


class ZoneCircumstance(models.Model):
    """The circumstances of a zone as somebody said they are; the newest row counts.

    Zones are named by their uid, since drafts have circumstances before they are in force. A zone
    that is split is two others, of which nothing is said. A side that is empty is not known; a row
    that is empty takes back what was said.
    """

    zone_uid = models.UUIDField(db_index=True)
    development = models.CharField(max_length=8, blank=True)
    terrain = models.CharField(max_length=8, blank=True)
    setting = models.CharField(max_length=5, blank=True)
    place = models.CharField(max_length=9, blank=True)
    #: What it rests on: a map, a decision, a visit.
    source = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            _is_known("development"),
            _is_known("terrain"),
            _is_known("setting"),
            _is_known("place"),
        ]

    def __str__(self) -> str:
        said = " ".join(word for side in SIDES if (word := getattr(self, side)))
        return f"{self.zone_uid} {said or 'unknown'}"
