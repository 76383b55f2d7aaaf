"""What if: facilities, streets and people other than they are, tried out beside a draft."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models

from planning.models.plan import PlanVersion


class ChangeAction(models.TextChoices):
    """What a change of a scenario does."""

    ADD = "add"
    MOVE = "move"
    CLOSE = "close"
    ENLARGE = "enlarge"
    ROAD = "road"
    PEOPLE = "people"
    UNDO = "undo"


class Scenario(models.Model):
    """A list of changes to what serves people, tied to a draft or to the city as it is."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    version = models.ForeignKey(
        PlanVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="scenarios"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    #: Shown to all who may see the draft, or to all who draft where there is none.
    is_shared = models.BooleanField(default=False)
    #: Its changes count in the review of the draft.
    is_part_of_draft = models.BooleanField(default=False)
    #: Number of the last change; who changes says which one was seen.
    edits = models.PositiveIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class ScenarioChange(models.Model):
    """One change; nothing of it is ever changed. An undo names the change that it takes back."""

    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="changes")
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=7, choices=ChangeAction.choices)
    #: Key of the facility ("<data set>/<sender's key>") or uid of the zone; a facility that is
    #: added gets one of the scenario's own.
    target = models.CharField(max_length=160, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    place = models.PointField(srid=settings.STORAGE_SRID, null=True, blank=True)
    axis = models.LineStringField(srid=settings.STORAGE_SRID, null=True, blank=True)
    capacity = models.FloatField(null=True, blank=True)
    people = models.FloatField(null=True, blank=True)
    why = models.TextField(blank=True)
    undoes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["scenario", "number"], name="scenario_change_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario} {self.number} {self.action}"
