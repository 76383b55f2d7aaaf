"""Bring a dossier of plans in as drafts, and what it says of how far registers reach."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from importers import sandbox
from importers.issues import IssueLog
from importers.models import ImportRun, Outcome
from importers.plans import content
from importers.received import Received, received
from landdata import crs
from landdata.errors import Forbidden, Invalid, Missing, Refusal
from landdata.models import Dataset, SourceFile
from landdata.operations.coverage import declare_coverage
from planning.models import PlanFunction, PlanVersion
from planning.operations import create_draft
from planning.permissions import may_draft

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from accounts.models import User
    from planning.content import PlanContent, ZoneSketch

DATASET: Final = "plans"
_KIND: Final = "plans"
_PLAN, _ZONE, _COVERAGE = "plan", "zone", "theme_coverage"
_FATES: Final = ("new", "changed", "unchanged", "refused")


@dataclass(frozen=True)
class Options:
    """What the operator chose; `plan` is the code of the only plan to take, empty for all."""

    as_of: dt.date
    plan: str = ""
    dry_run: bool = False


@dataclass
class Report:
    """What became of the rows of the three layers."""

    file: Received
    options: Options
    log: IssueLog = field(default_factory=IssueLog)
    fates: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_FATES, 0))
    drafts: list[dict[str, Any]] = field(default_factory=list)
    fingerprints: dict[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Return what became of the rows: read is the sum of the other four."""
        return {"read": sum(self.fates.values()), **self.fates}

    @property
    def outcome(self) -> Outcome:
        """Return how it ended."""
        if self.fates["refused"] == self.counts["read"]:
            return Outcome.NOTHING
        return Outcome.SOME_REFUSED if self.fates["refused"] else Outcome.ALL_IN

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "kind": _KIND,
            "outcome": self.outcome.value,
            "reason": "every_row_refused" if self.outcome is Outcome.NOTHING else "",
            "dry_run": self.options.dry_run,
            "file": {
                "name": self.file.name,
                "sha256": self.file.sha256,
                "bytes": self.file.size_bytes,
                "stored_as": "" if self.options.dry_run else self.file.stored_as,
            },
            "counts": self.counts,
            "gone": 0,
            "drafts": self.drafts,
            "issues": self.log.summary(),
        }


def import_plans(
    path: Path, options: Options, *, by: User | None, progress: Callable[[str], None]
) -> Report:
    """Bring a GeoPackage with layers plan, zone and theme_coverage in; it publishes nothing.

    Raises Refusal when the file as a whole stays out; that is noted as a run. A plan that cannot
    be drafted stays out with all its zones, and the others come in.
    """
    started = timezone.now()
    try:
        if by is None:
            raise Missing("drafting_person")
        progress("receive")
        with received(path, keep=not options.dry_run) as file:
            progress("read")
            layers = sandbox.read_geopackage(file.path, (_PLAN, _ZONE, _COVERAGE))
        return _take_in(layers, Report(file, options), by, started, progress)
    except Refusal as refusal:
        if not options.dry_run:
            ImportRun.objects.create(
                kind=_KIND,
                file_name=path.name,
                by=by,
                started_at=started,
                options=_options(options),
                outcome=Outcome.NOTHING,
                reason=refusal.code,
            )
        raise


@transaction.atomic
def _take_in(
    layers: Sequence[sandbox.Layer],
    report: Report,
    by: User,
    started: dt.datetime,
    progress: Callable[[str], None],
) -> Report:
    progress("check")
    plan_rows, zone_rows, coverage_rows = (
        content.rows_of(layer, crs.OFFICIAL_DATUM) for layer in layers
    )
    only = report.options.plan
    if only:
        plan_rows = [row for row in plan_rows if row.values.get("code") == only]
        zone_rows = [row for row in zone_rows if row.values.get("plan_code") == only]
        coverage_rows = []
        if not plan_rows:
            raise Missing("plan_in_file", plan=only)
    if not plan_rows and not coverage_rows:
        raise Invalid("file_empty")
    source = _source_file(report.file, layers[0], plan_rows, report.options)
    for dossier in _dossiers(plan_rows, zone_rows, report):
        progress(f"draft {dossier.plan.code}")
        _draft(dossier, report, by, source)
    for row in coverage_rows:
        _declare(row, report, by, source)
    if report.options.dry_run:
        transaction.set_rollback(True)
    else:
        report.log.store(_note_run(report, by, started, source))
    return report


def _dossiers(
    plan_rows: list[content.Row], zone_rows: list[content.Row], report: Report
) -> list[content.Dossier]:
    """Return the plans that can be read with all their zones; count and note the others."""
    functions = set(PlanFunction.objects.known_now().values_list("code", flat=True))
    zones_of: dict[str, list[content.Row]] = {}
    for row in zone_rows:
        zones_of.setdefault(row.values.get("plan_code", ""), []).append(row)
    plans: dict[str, tuple[PlanContent, list[ZoneSketch]]] = {}
    for row in plan_rows:
        mine = zones_of.pop(row.values.get("code", ""), [])
        found = _read(row, mine, functions, report)
        if found is None:
            report.fates["refused"] += 1 + len(mine)
        elif found[0].code in plans:
            _refuse_rows("plan_twice", "code", [row, *mine], report)
        else:
            plans[found[0].code] = found
    for code, strays in zones_of.items():
        _refuse_rows("zone_without_plan", "plan_code", strays, report, value=code)
    return [
        content.Dossier(plan, plans[plan.code][1], content.fingerprint(plan, plans[plan.code][1]))
        for plan in content.parents_first([plan for plan, _ in plans.values()])
    ]


def _read(
    row: content.Row, zone_rows: list[content.Row], functions: set[str], report: Report
) -> tuple[PlanContent, list[ZoneSketch]] | None:
    zones: list[ZoneSketch] = []
    plan: PlanContent | None = None
    with contextlib.suppress(content.Unreadable):
        plan = content.read_plan(row, report.log)
    for zone_row in zone_rows:
        with contextlib.suppress(content.Unreadable):
            zones.append(content.read_zone(zone_row, functions, report.log))
    if plan is None:
        return None
    if len(zones) < len(zone_rows):
        _note("plan_incomplete", "code", [row], report, value=plan.code)
        return None
    return plan, zones


def _draft(dossier: content.Dossier, report: Report, by: User, source: SourceFile) -> None:
    rows = 1 + len(dossier.zones)
    code = dossier.plan.code
    known = _known_fingerprint(code)
    if known == dossier.fingerprint:
        report.fates["unchanged"] += rows
        return
    try:
        # A refused plan must leave nothing behind, and the next one goes on.
        with transaction.atomic():
            version = create_draft(
                plan=dossier.plan,
                zones=dossier.zones,
                by=by,
                on=report.options.as_of,
                source_file=source,
            )
    except Refusal as refusal:
        report.fates["refused"] += rows
        report.log.add_file_note(refusal.code, column="code", value=code)
        return
    report.fates["changed" if known else "new"] += rows
    report.fingerprints[code] = dossier.fingerprint
    report.drafts.append({"plan": code, "sequence": version.sequence, "zones": len(dossier.zones)})


def _declare(row: content.Row, report: Report, by: User, source: SourceFile) -> None:
    try:
        coverage = content.read_coverage(row, report.log)
    except content.Unreadable:
        report.fates["refused"] += 1
        return
    if not may_draft(by, on=report.options.as_of, at=coverage.boundary):
        report.fates["refused"] += 1
        _note(Forbidden("declare_coverage").code, "theme", [row], report)
        return
    declared = declare_coverage(
        theme=coverage.theme,
        boundary=coverage.boundary,
        is_complete=coverage.is_complete,
        data_date=coverage.data_date,
        valid_from=coverage.valid_from,
        dataset=source.dataset,
        by=by,
        source_file=source,
    )
    report.fates["new" if declared is not None else "unchanged"] += 1


def _known_fingerprint(code: str) -> str | None:
    """Return the fingerprint of the newest draft that an import made of a plan."""
    if not PlanVersion.objects.filter(plan__code=code).exists():
        return None
    run = ImportRun.objects.filter(kind=_KIND, fingerprints__has_key=code).order_by("-pk").first()
    return run.fingerprints[code] if run else None


def _source_file(
    file: Received, layer: sandbox.Layer, plan_rows: list[content.Row], options: Options
) -> SourceFile:
    dataset, _ = Dataset.objects.get_or_create(
        code=DATASET,
        defaults={
            "title_vi": "Hồ sơ quy hoạch đô thị",
            "title_en": "Urban planning dossiers",
            "kind": _KIND,
        },
    )
    days = [row.values.get("data_date", "")[:10] for row in plan_rows]
    source, _ = SourceFile.objects.get_or_create(
        dataset=dataset,
        sha256=file.sha256,
        data_date=_latest(days) or options.as_of,
        defaults={
            "name": file.name,
            "size_bytes": file.size_bytes,
            "stored_as": file.stored_as,
            "epsg": layer.header["epsg"],
        },
    )
    return source


def _latest(days: list[str]) -> dt.date | None:
    found = []
    for day in days:
        try:
            found.append(dt.date.fromisoformat(day))
        except ValueError:
            continue  # noted where the plan is read
    return max(found, default=None)


def _refuse_rows(
    code: str, column: str, rows: list[content.Row], report: Report, *, value: str = ""
) -> None:
    report.fates["refused"] += len(rows)
    _note(code, column, rows, report, value=value)


def _note(
    code: str, column: str, rows: list[content.Row], report: Report, *, value: str = ""
) -> None:
    report.log.add(
        code,
        [row.number for row in rows],
        column=column,
        values=[value or row.values.get(column, "") for row in rows],
        refuses=True,
    )


def _note_run(report: Report, by: User, started: dt.datetime, source: SourceFile) -> ImportRun:
    counts = report.counts
    return ImportRun.objects.create(
        kind=_KIND,
        file_name=report.file.name,
        sha256=report.file.sha256,
        source_file=source,
        by=by,
        started_at=started,
        options=_options(report.options),
        outcome=report.outcome,
        reason="every_row_refused" if report.outcome is Outcome.NOTHING else "",
        rows_read=counts["read"],
        rows_new=counts["new"],
        rows_changed=counts["changed"],
        rows_unchanged=counts["unchanged"],
        rows_refused=counts["refused"],
        fingerprints=report.fingerprints,
    )


def _options(options: Options) -> dict[str, Any]:
    return {**asdict(options), "as_of": options.as_of.isoformat()}
