"""Who reaches which service: runs that worked it out, and the figures that they found."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.gis.db import models
from django.db.models import Q

from planning.models.background import BackgroundRun
from planning.models.plan import PlanVersion
from planning.models.scenario import Scenario


class CoverageRun(BackgroundRun):
    """One working out of reach: of a plan version, of a scenario, or of the city as it is.

    Figures appear in one transaction, with its state. The table by plot is not kept: it follows
    from the record at `revision`, and its digest says whether it still does.
    """

    version = models.ForeignKey(
        PlanVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="coverage_runs"
    )
    scenario = models.ForeignKey(
        Scenario, null=True, blank=True, on_delete=models.PROTECT, related_name="runs"
    )
    #: What it rests on: legal day, revision of the record, last edit of the draft and of the
    #: scenario, what was chosen, and a digest of all that.
    on = models.DateField()
    revision = models.PositiveIntegerField(default=0)
    edits = models.PositiveIntegerField(default=0)
    scenario_edits = models.PositiveIntegerField(default=0)
    parameters = models.JSONField(default=dict)
    table_sha256 = models.BinaryField(max_length=32, default=bytes)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["version", "scenario", "number"],
                name="coverage_run_number_once",
                nulls_distinct=False,
                condition=Q(state="done"),
            ),
            models.CheckConstraint(
                condition=Q(state="done", number__isnull=False)
                | (~Q(state="done") & Q(number__isnull=True)),
                name="coverage_run_numbered_when_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario or self.version or 'city'} reach {self.number or self.state}"


class CoverageFigure(models.Model):
    """One figure of a run, about a kind of service and everybody or the people of a ward."""

    run = models.ForeignKey(CoverageRun, on_delete=models.PROTECT, related_name="figures")
    #: Code of facility_kinds.csv; empty: all of them together.
    kind = models.CharField(max_length=40, blank=True)
    #: Row of service_radii.csv; empty: of no norm.
    norm = models.CharField(max_length=10, blank=True)
    mode = models.CharField(max_length=9)
    metric = models.CharField(max_length=7)
    measure = models.CharField(max_length=12)
    #: Code of the ward; empty: the whole scope.
    unit_code = models.CharField(max_length=5, blank=True)
    #: Null: not known, and `reason` says why.
    value = models.FloatField(null=True, blank=True)
    #: Between these it lies, where not everything is known.
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    people = models.FloatField(null=True, blank=True)
    #: met, not_met, not_checked; empty where no norm is held against it.
    state = models.CharField(max_length=11, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    #: What charts are drawn from: a Lorenz curve, a distribution.
    values = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["run", "kind", "norm", "mode", "metric", "measure", "unit_code"],
                name="coverage_figure_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.norm} {self.measure} {self.unit_code} {self.value}"
