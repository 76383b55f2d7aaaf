"""The steps that every way in of objects takes: receive, read, check, compare, report."""

from __future__ import annotations

import datetime as dt
import logging
import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from importers.issues import IssueLog
from importers.models import ImportRun, Outcome
from importers.received import Received, received
from landdata.errors import Invalid, Refusal
from landdata.models import Dataset, SourceFile
from landdata.operations.features import Delivery, LayerIntake, take_in_features
from planning.operations.safety_corridors import plan_redrawing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from accounts.models import User
    from importers.features.coverage import CheckedCoverage
    from importers.features.layers import CheckedLayer
    from landdata.operations.features import FeatureIntake

logger = logging.getLogger(__name__)

_FATES: Final = ("read", "new", "changed", "unchanged", "refused")
_CODE: Final = re.compile(r"[a-z0-9_-]{1,60}")


@dataclass(frozen=True)
class About:
    """What a data set is noted as when its first file comes in."""

    code: str
    kind: str
    title_vi: str
    title_en: str
    licence: str = ""


@dataclass(frozen=True)
class WayIn:
    """What one command brings in: its kind, its formats, its data set, and how files are read.

    `read` gets the stored file and the log of notes; it raises Refusal for a file that stays out
    as a whole. `choices` are what the operator said of the file, for the record of the run.
    """

    kind: str
    formats: Collection[str]
    about: About
    read: Callable[[Path, IssueLog], FoundRows]
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """What the operator chose; `today` is the day of the run.

    Without a `data_date` the file's own day holds, or else today; without a `dataset` the usual
    one. `licence` is noted when the data set is new.
    """

    today: dt.date
    data_date: dt.date | None = None
    dataset: str = ""
    licence: str = ""
    accept_gone: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class FoundRows:
    """What a reader found in a file: checked layers, declarations, and the system they lay in.

    `about` is there when the file says which data set speaks, `data_date` when it says from which
    day it holds.
    """

    layers: Sequence[CheckedLayer]
    epsg: int | None
    coverage: CheckedCoverage | None = None
    about: About | None = None
    data_date: dt.date | None = None


@dataclass
class Report:
    """What a run has to say; `as_json` is what --report writes."""

    way: WayIn
    file: Received
    options: Options
    found: FoundRows
    source: SourceFile
    intake: FeatureIntake
    log: IssueLog = field(default_factory=IssueLog)

    @property
    def layers(self) -> dict[str, dict[str, int]]:
        """Return the counts of each layer; read is the sum of the next four, gone beside it."""
        taken = [
            (layer.spec.name, intake, layer.refused)
            for layer, intake in zip(self.found.layers, self.intake.layers, strict=True)
        ]
        if self.found.coverage is not None:
            taken.append(("theme_coverage", self.intake.coverage, self.found.coverage.refused))
        return {name: _counted(intake, refused) for name, intake, refused in taken}

    @property
    def counts(self) -> dict[str, int]:
        """Return the counts of all layers together."""
        return {fate: sum(layer[fate] for layer in self.layers.values()) for fate in _FATES}

    @property
    def gone(self) -> int:
        """Return how many objects stood before and are in the file no more."""
        return sum(layer["gone"] for layer in self.layers.values())

    @property
    def outcome(self) -> Outcome:
        """Return how it ended: nothing in is a failure even if every row was read."""
        counts = self.counts
        if counts["refused"] == counts["read"]:
            return Outcome.NOTHING
        return Outcome.SOME_REFUSED if counts["refused"] else Outcome.ALL_IN

    @property
    def reason(self) -> str:
        """Return why nothing came in, empty if something did."""
        return "every_row_refused" if self.outcome is Outcome.NOTHING else ""

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "kind": self.way.kind,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "dry_run": self.options.dry_run,
            "file": {
                "name": self.file.name,
                "sha256": self.file.sha256,
                "bytes": self.file.size_bytes,
                "stored_as": "" if self.options.dry_run else self.file.stored_as,
            },
            "dataset": self.source.dataset.code,
            "data_date": self.source.data_date.isoformat(),
            "epsg": self.found.epsg,
            "revision": self.intake.revision,
            "counts": self.counts,
            "gone": self.gone,
            "layers": self.layers,
            "issues": self.log.summary(),
        }


def bring_in(
    way: WayIn, path: Path, options: Options, *, by: User | None, progress: Callable[[str], None]
) -> Report:
    """Bring a file in and return what became of it.

    `progress` gets the name of each step as it begins. Raises Refusal when the file as a whole
    stays out; that is noted as a run, unless nothing was to be written.
    """
    started = timezone.now()
    try:
        return _bring_in(way, path, options, by, progress, started)
    except Refusal as refusal:
        if not options.dry_run:
            _note_refusal(way, path, options, by, started, refusal)
        raise


def _bring_in(
    way: WayIn,
    path: Path,
    options: Options,
    by: User | None,
    progress: Callable[[str], None],
    started: dt.datetime,
) -> Report:
    log = IssueLog(first_row=0)
    progress("receive")
    with received(path, keep=not options.dry_run, formats=way.formats) as file:
        progress("read")
        found = way.read(file.path, log)
    if not any(layer.read for layer in found.layers) and not found.coverage:
        raise Invalid("file_empty")
    progress("compare")
    with transaction.atomic():
        source_file = SourceFile(
            dataset=_dataset(found.about or way.about, options),
            name=file.name,
            sha256=file.sha256,
            size_bytes=file.size_bytes,
            stored_as=file.stored_as,
            epsg=found.epsg,
            data_date=options.data_date or found.data_date or options.today,
            chosen_by=by,
        )
        intake = take_in_features(
            _deliveries(found.layers),
            source_file=source_file,
            by=by,
            on=options.today,
            why=f"{way.kind}: {file.name}",
            coverage=found.coverage.declarations if found.coverage else (),
            accept_gone=options.accept_gone,
            dry_run=options.dry_run,
        )
        report = Report(way, file, options, found, source_file, intake, log)
        if options.dry_run:
            transaction.set_rollback(True)
        else:
            log.store(_note_run(report, by, started))
            if intake.revision is not None:
                plan_redrawing()
    logger.info("import of %s: %s, revision %s", file.sha256, report.counts, intake.revision)
    return report


def _deliveries(layers: Sequence[CheckedLayer]) -> list[Delivery]:
    return [
        Delivery(
            layer.spec.model,
            layer.features,
            layer.shapes,
            is_whole=not layer.spec.is_the_file and not layer.unkeyed,
            withheld=layer.withheld,
            is_the_file=layer.spec.is_the_file,
        )
        for layer in layers
        if layer.spec.model is not None
    ]


def _counted(intake: LayerIntake, refused: int) -> dict[str, int]:
    return {**asdict(intake), "read": intake.read + refused, "refused": refused}


def _dataset(about: About, options: Options) -> Dataset:
    """Return the data set that speaks, made when its first file comes in.

    Raises Invalid `dataset_code` for a code that is none, `dataset_of_another_kind`.
    """
    code = options.dataset or about.code
    if not _CODE.fullmatch(code):
        raise Invalid("dataset_code", given=code)
    dataset, _ = Dataset.objects.get_or_create(
        code=code,
        defaults={
            "title_vi": about.title_vi,
            "title_en": about.title_en,
            "kind": about.kind,
            "licence": options.licence or about.licence,
        },
    )
    if dataset.kind != about.kind:
        raise Invalid("dataset_of_another_kind", given=code, kind=dataset.kind)
    return dataset


def _note_run(report: Report, by: User | None, started: dt.datetime) -> ImportRun:
    counts = report.counts
    return ImportRun.objects.create(
        kind=report.way.kind,
        file_name=report.file.name,
        sha256=report.file.sha256,
        source_file=report.intake.source_file,
        by=by,
        started_at=started,
        options=_options(report.way, report.options),
        outcome=report.outcome,
        reason=report.reason,
        rows_read=counts["read"],
        rows_new=counts["new"],
        rows_changed=counts["changed"],
        rows_unchanged=counts["unchanged"],
        rows_refused=counts["refused"],
        gone=report.gone,
        revision=report.intake.revision,
    )


def _note_refusal(
    way: WayIn,
    path: Path,
    options: Options,
    by: User | None,
    started: dt.datetime,
    refusal: Refusal,
) -> None:
    ImportRun.objects.create(
        kind=way.kind,
        file_name=path.name,
        by=by,
        started_at=started,
        options=_options(way, options),
        outcome=Outcome.NOTHING,
        reason=refusal.code,
    )


def _options(way: WayIn, options: Options) -> dict[str, Any]:
    said = {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in asdict(options).items()
    }
    return {**said, **way.choices}
