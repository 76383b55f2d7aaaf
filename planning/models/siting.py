"""Where the next facilities should stand: searches, and the sites that they chose from."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q

from planning.models.background import BackgroundRun
from planning.models.plan import PlanVersion


class SitingModel(models.TextChoices):
    """What is sought."""

    #: Most people within the limit.
    MAX_COVER = "max_cover"
    #: The fewest metres of all people together.
    P_MEDIAN = "p_median"
    #: Most people within the limit for whom there is room.
    CAPACITATED = "capacitated"
    #: The least cost that covers whom any site covers.
    SET_COVER = "set_cover"


class SiteSource(models.TextChoices):
    """Where a site to choose from comes from."""

    SITE = "site"
    PARCEL = "parcel"
    DRAWN = "drawn"


class SitingRun(BackgroundRun):
    """One search for sites, beside a plan version or beside the city as it is.

    What was found appears in one transaction, with its state.
    """

    version = models.ForeignKey(
        PlanVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="siting_runs"
    )
    on = models.DateField()
    revision = models.PositiveIntegerField(default=0)
    edits = models.PositiveIntegerField(default=0)
    model = models.CharField(max_length=11, choices=SitingModel.choices)
    #: Code of facility_kinds.csv.
    kind = models.CharField(max_length=40)
    limit_m = models.FloatField()
    #: All that was asked for, as it was asked.
    problem = models.JSONField(default=dict)
    #: optimal, feasible, none; empty before the search is done.
    status = models.CharField(max_length=8, blank=True)
    #: People, cost or metres of all people together; no choice is beyond `bound`.
    objective = models.FloatField(null=True, blank=True)
    bound = models.FloatField(null=True, blank=True)
    gap = models.FloatField(null=True, blank=True)
    result = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["version", "number"],
                name="siting_run_number_once",
                nulls_distinct=False,
                condition=Q(state="done"),
            ),
            models.CheckConstraint(
                condition=Q(state="done", number__isnull=False)
                | (~Q(state="done") & Q(number__isnull=True)),
                name="siting_run_numbered_when_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version or 'city'} siting {self.kind} {self.number or self.state}"


class SitingCandidate(models.Model):
    """One site that a search could choose."""

    run = models.ForeignKey(SitingRun, on_delete=models.PROTECT, related_name="candidates")
    number = models.PositiveIntegerField()
    #: "site/<code>", "parcel/<identifier>" or "drawn/<number>".
    key = models.CharField(max_length=160)
    source = models.CharField(max_length=6, choices=SiteSource.choices)
    name = models.CharField(max_length=200, blank=True)
    position = models.PointField(srid=settings.STORAGE_SRID)
    cost = models.FloatField()
    #: In units of the kind's capacity; null where it is not known.
    capacity = models.FloatField(null=True, blank=True)
    #: What the plan gives the ground to; empty where no plan says.
    function = models.CharField(max_length=60, blank=True)
    #: Whether ground of that function may hold the kind; null where no table says.
    is_permitted = models.BooleanField(null=True, blank=True)
    is_chosen = models.BooleanField(default=False)
    #: People newly served if it were the only one chosen; null where it has no street.
    newly_people = models.FloatField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["run", "key"], name="siting_candidate_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.key}"
