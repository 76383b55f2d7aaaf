"""Reading what a report on conflicts says."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import shapely
from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import get_language, gettext, override

from landdata.errors import Invalid
from landdata.geometry import to_shapely
from landdata.models import AdministrativeUnit, UnitLevel
from planning import conflict_queries as queries
from planning.conflict_parties import party_values
from planning.conflict_reports.records import Report, ReportParty, ReportRow
from planning.conflict_rules import rules_by_code
from planning.conflicts import words
from planning.conflicts.records import Severity
from planning.models import PlanVersion
from planning.operations.conflict_runs import last_run
from planning.operations.conflict_work import is_current

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from django.db.models import QuerySet

    from planning.conflict_queries import Filters
    from planning.models import ConflictFinding

#: Rows that are read at a time; names of parties take a statement for each kind.
_BATCH: Final = 1_000
_LANGUAGES: Final = ("vi", "en")


def build_report(
    version_id: int | None,
    filters: Filters,
    *,
    by: str,
    most: int | None = None,
    drawn: Collection[str] = tuple(Severity),
    filter_words: Sequence[tuple[str, str]] = (),
) -> Report:
    """Return the results of a scope's last run, in the order of severity, then area.

    `most` rows at most, and beside them all that say what could not be checked; parties are drawn
    of those of a severity in `drawn`. Raises Invalid where no run is done.
    """
    run = last_run(version_id)
    if run is None:
        raise Invalid("conflicts_never_run")
    version = None
    if version_id is not None:
        version = PlanVersion.objects.select_related("plan").get(pk=version_id)
    found = queries.findings_now(version_id, filters)
    families: dict[str, dict[str, int]] = defaultdict(dict)
    severities: dict[str, int] = defaultdict(int)
    # What could not be checked is no conflict: the report tells it apart.
    checked = found.exclude(values__has_key="reason")
    counted = checked.values("conflict__family", "severity").annotate(many=Count("pk"))
    for row in counted.order_by():
        families[row["conflict__family"]][row["severity"]] = row["many"]
        severities[row["severity"]] += row["many"]
    return Report(
        scope="" if version is None else version.plan.code,
        name_vi=gettext("conflict_report.city") if version is None else version.name_vi,
        name_en=gettext("conflict_report.city") if version is None else version.name_en,
        run=run.number or 0,
        on=run.on,
        revision=run.revision,
        edits=run.edits,
        finished_at=run.finished_at,
        is_current=is_current(run),
        made_at=timezone.now(),
        by=by,
        by_severity=dict(severities),
        by_family=dict(families),
        total=sum(severities.values()),
        unchecked=found.filter(values__has_key="reason").count(),
        epsg=settings.STORAGE_EPSG,
        rows=_rows(found, version_id, most, frozenset(drawn), get_language() or "vi"),
        extent=None if version is None else to_shapely(version.extent),
        filters=filter_words,
    )


def count(version_id: int | None, filters: Filters) -> int:
    """Return how many conflicts a report would have."""
    return queries.findings_now(version_id, filters).count()


def _rows(
    found: QuerySet[ConflictFinding],
    version_id: int | None,
    most: int | None,
    drawn: frozenset[str],
    language: str,
) -> Iterator[ReportRow]:
    """Yield rows as they are wanted: a long table is sent while it is read."""
    related = found.select_related(
        "conflict__first_run",
        "conflict__by_edit__by",
        "conflict__assigned_to",
        "conflict__decision",
    )
    ordered = related.order_by(*queries.ORDERS["severity"])
    with override(language):
        names = {language: queries.code_names(language) for language in _LANGUAGES}
        wards = _ward_names(language)
    if most is None:
        batches = _batches(ordered)
    else:
        unchecked = related.filter(values__has_key="reason").order_by("conflict__rule", "pk")
        listed = ordered.exclude(values__has_key="reason")[:most]
        batches = iter([list(listed), list(unchecked)])
    for batch in batches:
        with override(language):
            parties = _parties(batch, version_id, drawn)
            rows = [_row(finding, parties, names, wards) for finding in batch]
        yield from (row for row in rows if row is not None)


def _batches(ordered: QuerySet[ConflictFinding]) -> Iterator[list[ConflictFinding]]:
    batch = []
    for finding in ordered.iterator(chunk_size=_BATCH):
        batch.append(finding)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


def _parties(
    batch: Sequence[ConflictFinding], version_id: int | None, drawn: frozenset[str]
) -> dict[tuple[str, str], ReportParty]:
    """Return the parties of some findings by kind and key, drawn where that is wanted."""
    plain: set[tuple[str, str]] = set()
    shown: set[tuple[str, str]] = set()
    for finding in batch:
        wanted = shown if finding.severity in drawn else plain
        wanted |= {(kind, key) for kind, key in finding.conflict.parties}
    values = {
        **party_values(plain - shown, version_id=version_id),
        **party_values(shown, version_id=version_id, is_drawn=True),
    }
    return {
        key: ReportParty(key[0], key[1], value["name"], _shape(value["boundary"]))
        for key, value in values.items()
    }


def _shape(boundary: Any) -> Any:
    return None if boundary is None else shapely.from_geojson(json.dumps(boundary))


def _row(
    finding: ConflictFinding,
    parties: Mapping[tuple[str, str], ReportParty],
    names: Mapping[str, dict[str, str]],
    wards: Mapping[str, str],
) -> ReportRow | None:
    conflict = finding.conflict
    rule = rules_by_code().get(conflict.rule)
    if rule is None:
        # A rule that was taken out of the catalogue; the next run drops what it found.
        return None
    texts = {language: _text(finding, language, names[language]) for language in _LANGUAGES}
    by_edit, assigned, decision = conflict.by_edit, conflict.assigned_to, conflict.decision
    east, north = finding.place.coords
    return ReportRow(
        key=str(conflict.key),
        rule=rule,
        severity=finding.severity,
        state="solved" if finding.to_run is not None else conflict.state,
        text_vi=texts["vi"],
        text_en=texts["en"],
        area_m2=finding.area_m2,
        parcels=finding.parcels,
        people=finding.people,
        wards=[(code, wards.get(code, code)) for code in finding.wards],
        parties=[parties[kind, key] for kind, key in conflict.parties],
        place=(east, north),
        ground=None if finding.ground is None else to_shapely(finding.ground),
        first_seen=conflict.first_run.finished_at,
        first_run=conflict.first_run.number or 0,
        by_edit=None if by_edit is None else by_edit.number,
        by="" if by_edit is None else by_edit.by.full_name or by_edit.by.username,
        assigned_to="" if assigned is None else assigned.full_name or assigned.username,
        decision=""
        if decision is None
        else f"{decision.number}, {decision.date:%Y-%m-%d}, {decision.authority}",
        values=finding.values,
    )


def _text(finding: ConflictFinding, language: str, names: dict[str, str]) -> str:
    reason = finding.values.get("reason")
    if reason is not None:
        with override(language):
            return gettext(f"conflict.reason.{reason}")
    rule = rules_by_code()[finding.conflict.rule]
    return words.sentence(rule, finding.values, language, names)


def _ward_names(language: str) -> dict[str, str]:
    column = "full_name_en" if language.startswith("en") else "full_name"
    units = AdministrativeUnit.objects.known_now().filter(level=UnitLevel.WARD)
    return dict(units.order_by("valid_from").values_list("code", column))
