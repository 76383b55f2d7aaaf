"""Make the demo city and bring it in, the way any city comes in."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Role, User
from accounts.operations import demo_username
from landdata.models import Dataset, SourceFile
from planning.models import (
    Adjustment,
    CoverageRun,
    Plan,
    PlanLevel,
    PlanStatus,
    PlanVersion,
    SafetyCorridor,
)
from planning.operations import approve_plan_version, begin_adjustment, publish_plan_version
from planning.operations.adjustments import AdjustmentPlan
from planning.operations.coverage_runs import start_coverage

if TYPE_CHECKING:
    from pathlib import Path

SEED = 1
#: The day of the invented register.
DATA_DATE = dt.date(2026, 6, 30)
#: The city is drawn on real streets.
LICENCE = "ODbL 1.0 (© OpenStreetMap contributors)"
#: Command, file of the city, and what else it needs, in an order in which each finds what it needs.
WAYS_IN: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("import_network", "network.gpkg", {"data_date": DATA_DATE, "licence": LICENCE}),
    ("import_facilities", "facilities.gpkg", {"data_date": DATA_DATE, "licence": LICENCE}),
    ("import_parcels", "parcels.shp", {"data_date": DATA_DATE}),
    ("import_plan", "plans.gpkg", {}),
    ("import_land_use_plan", "land_use_plan.gpkg", {}),
    ("import_population", "population_estimate.csv", {"data_date": DATA_DATE}),
    (
        "import_population",
        "population_census.csv",
        {"data_date": DATA_DATE, "dataset": "population-census"},
    ),
    ("import_raster", "dem.tif", {"data_date": DATA_DATE, "kind": "terrain"}),
    (
        "import_raster",
        "flood.tif",
        {"data_date": DATA_DATE, "kind": "flood_depth"},
    ),
)
SITES = "available_sites.json"
FILES = (*(name for _, name, _ in WAYS_IN), SITES)

#: Its plans are in force and its plots are edited: another city cannot take its place.
OTHER_CITY = (
    "giữ thành phố mẫu đã có, được tạo bằng phiên bản hoặc cỡ khác; `make clean` xoá mọi dữ liệu để"
    " tạo lại / kept the one that is there, made by another version or in another size;"
    " `make clean` removes all data to make it anew"
)


class Command(BaseCommand):
    """Write the city's files, import them, put its plans into force, begin a draft; once.

    Who reaches which service is left to the worker.
    """

    help = "Make, import and publish the demo city."

    def handle(self, *args: Any, **options: Any) -> str | None:
        if settings.PRODUCTION:
            raise CommandError(
                "Không tạo thành phố mẫu ở chế độ production. No demo city in production."
            )
        folder = settings.VAR / "city" / f"{settings.DEMO_CITY}-{settings.DEMO_CITY_PARCELS}-{SEED}"
        summary = folder / "CITY.json"
        if not all((folder / name).is_file() for name in (summary.name, *FILES)):
            call_command(
                "make_city",
                parcels=settings.DEMO_CITY_PARCELS,
                seed=SEED,
                place=settings.DEMO_CITY,
                out=folder,
                stdout=self.stdout,
            )
        written = json.loads(summary.read_text(encoding="utf-8"))
        if written["epsg"] != settings.STORAGE_EPSG:
            raise CommandError(
                f"Thành phố mẫu {settings.DEMO_CITY} dùng EPSG:{written['epsg']}, còn "
                f"DIADO_STORAGE_EPSG={settings.STORAGE_EPSG}. The demo city "
                f"{settings.DEMO_CITY} is drawn in EPSG:{written['epsg']}; set "
                f"DIADO_STORAGE_EPSG={written['epsg']} or another DIADO_CITY."
            )
        digest = hashlib.sha256(summary.read_bytes()).hexdigest()
        there = SourceFile.objects.filter(dataset__code="demo-city")
        if there.exists():
            if not SafetyCorridor.objects.exists():
                # A city of before maps showed them.
                call_command("refresh_corridors", stdout=self.stdout)
            if not there.filter(sha256=digest).exists():
                return OTHER_CITY
            self._offer(folder)
            self._draft()
            self._cover()
            return "đã có sẵn / was there"
        self._bring_in(folder)
        self._publish()
        self._draft()
        self._offer(folder)
        call_command("refresh_shares", stdout=self.stdout)
        call_command("refresh_corridors", stdout=self.stdout)
        _remember(summary, digest, folder)
        self._cover()
        return None

    def _bring_in(self, folder: Path) -> None:
        officer = demo_username(Role.DATA_OFFICER)
        for command, name, options in WAYS_IN:
            try:
                call_command(command, str(folder / name), by=officer, stdout=self.stdout, **options)
            except SystemExit as ended:
                # The demo city is sound: a row that stays out is a fault of ours.
                raise CommandError(f"{command} {name}: status {ended.code}") from ended

    def _offer(self, folder: Path) -> None:
        """Publish the land that can be had, as of the day after that of the register; once."""
        written = json.loads((folder / SITES).read_text(encoding="utf-8"))
        for office in written["offices"]:
            call_command("open_office", office["code"], office["name_vi"], office["name_en"])
        call_command(
            "publish_sites",
            str(folder / SITES),
            on=DATA_DATE + dt.timedelta(days=1),
            stdout=self.stdout,
        )

    def _draft(self) -> None:
        """Begin the adjustment of a plan, for planners to work on; once."""
        plan = (
            Plan.objects.filter(level=PlanLevel.ZONING, zones__isnull=False)
            .order_by("code")
            .first()
        )
        if plan is None or plan.versions.filter(sequence__gt=1).exists():
            return
        today = timezone.localdate()
        adjustment = AdjustmentPlan(
            kind=Adjustment.GENERAL,
            name_vi="Điều chỉnh tổng thể (mẫu)",
            name_en="General adjustment (sample)",
            valid_from=dt.date(today.year + 1, 1, 1),
        )
        planner = User.objects.get(username=demo_username(Role.PLANNER))
        begin_adjustment(plan_code=plan.code, adjustment=adjustment, by=planner, on=today)
        self.stdout.write(f"draft: {plan.code}")

    def _cover(self) -> None:
        """Ask the worker for who reaches which service, which the first page tells; once."""
        if not CoverageRun.objects.filter(version=None, scenario=None).exists():
            start_coverage(version_id=None, by=None, on=timezone.localdate())

    def _publish(self) -> None:
        approver = User.objects.get(username=demo_username(Role.APPROVER))
        today = timezone.localdate()
        drafts = PlanVersion.objects.exclude(status=PlanStatus.PUBLISHED).order_by("pk")
        for version in drafts.select_related("plan"):
            if version.is_editable:
                approve_plan_version(version_id=version.pk, by=approver, on=today)
            publish_plan_version(version_id=version.pk, by=approver, on=today)
            self.stdout.write(f"in force: {version.plan.code}")


def _remember(summary: Path, digest: str, folder: Path) -> None:
    """Leave the city's summary in the record, so that the next start knows it is all there."""
    dataset, _ = Dataset.objects.get_or_create(
        code="demo-city",
        defaults={
            "title_vi": "Thành phố mẫu",
            "title_en": "Demo city",
            "kind": "demo",
            "licence": LICENCE,
        },
    )
    SourceFile.objects.create(
        dataset=dataset,
        name=summary.name,
        sha256=digest,
        size_bytes=summary.stat().st_size,
        stored_as=str(folder.name),
        data_date=DATA_DATE,
    )
