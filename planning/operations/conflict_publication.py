"""Telling the public of conflicts: those of plans in force on the map, of drafts their number.

What is told of plans in force follows from the last check of the whole city. What stands already
stays; what is found no more is closed. It may run at any time and be repeated.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from landdata import crs
from landdata.errors import Forbidden, Invalid, Missing
from landdata.geometry import to_multipolygon, to_shapely
from landdata.models import Revision
from planning.conflict_queries import code_names
from planning.conflict_rules import rules_by_code
from planning.conflicts import words
from planning.conflicts.records import PartyKind
from planning.models import (
    ConflictFinding,
    ConflictState,
    ConflictSummary,
    PlanVersion,
    PublishedConflict,
)
from planning.operations.conflict_runs import last_run
from planning.operations.conflict_work import is_current
from planning.permissions import drafts_open_to, may_approve

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from accounts.models import User
    from planning.conflicts.records import Rule

#: Two rounds at once would work out the same.
PUBLICATION_LOCK: Final = 7_305_923
#: Whoever is one of these has an owner or people inside; rules about them tell sums at most.
NOT_TOLD: Final = frozenset({PartyKind.PARCEL, PartyKind.BUILDING})
BATCH: Final = 2_000
LANGUAGES: Final = ("vi", "en")


@dataclass(frozen=True)
class Published:
    """What a round did, in rows; no revision where nothing had changed."""

    opened: int
    closed: int
    kept: int
    revision: int | None = None


@transaction.atomic
def publish_conflicts() -> Published:
    """Make the conflicts that the public is told of those of the last check of the whole city.

    In one revision, or none where nothing changed. Raises Invalid where the city was never checked.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLICATION_LOCK])
    run = last_run(None)
    if run is None:
        raise Invalid("conflicts_never_run")
    standing = dict(PublishedConflict.objects.known_now().values_list("fingerprint", "pk"))
    wanted = _wanted()
    missing = [row for fingerprint, row in wanted.items() if fingerprint not in standing]
    going = [pk for fingerprint, pk in standing.items() if fingerprint not in wanted]
    kept = len(standing) - len(going)
    if not (missing or going):
        return Published(0, 0, kept)
    with Revision.open(by=None, why="conflicts of plans in force") as revision:
        for start in range(0, len(going), BATCH):
            rows = PublishedConflict.objects.filter(pk__in=going[start : start + BATCH])
            rows.close(revision)
        for start in range(0, len(missing), BATCH):
            _write(missing[start : start + BATCH], run.on, revision)
    return Published(len(missing), len(going), kept, revision.number)


def release_summary(*, version_id: int, by: User, on: dt.date) -> ConflictSummary:
    """Let everybody read how many conflicts of each rule a draft has: no places and no names.

    Raises Forbidden for who may not approve the plan, Invalid where the draft was never checked or
    has changed since.
    """
    version = PlanVersion.objects.select_related("plan").filter(pk=version_id).first()
    if version is None or version_id not in drafts_open_to(by, on=on):
        raise Missing("draft", id=version_id)
    if not may_approve(by, on=on, at=version.extent):
        raise Forbidden("release_conflict_summary")
    run = last_run(version_id)
    if run is None:
        raise Invalid("conflicts_never_run")
    if not is_current(run):
        raise Invalid("conflicts_not_checked")
    counts: Counter[tuple[str, str]] = Counter()
    unchecked: set[str] = set()
    found = ConflictFinding.objects.filter(version_id=version_id, to_run=None)
    for rule, severity, state, values in found.values_list(
        "conflict__rule", "severity", "conflict__state", "values"
    ):
        if "reason" in values:
            unchecked.add(rule)
        elif state != ConflictState.FALSE_ALARM:
            counts[rule, severity] += 1
    return ConflictSummary.objects.create(
        version=version,
        run=run,
        on=run.on,
        revision=run.revision,
        edits=run.edits,
        counts=[
            {"rule": rule, "severity": severity, "count": many}
            for (rule, severity), many in sorted(counts.items())
        ],
        unchecked=sorted(unchecked),
        released_by=by,
        released_at=timezone.now(),
    )


@dataclass(frozen=True)
class _Told:
    """A finding to be told of. It never changes, and neither do the words that go with it."""

    finding: int
    fingerprint: str
    plans: tuple[str, ...]


def _wanted() -> dict[str, _Told]:
    """Return what should be told, by what it follows from: a finding, a rule's words, names."""
    rules = {code: rule for code, rule in rules_by_code().items() if rule.is_public}
    found = (
        ConflictFinding.objects.filter(
            version=None, to_run=None, conflict__rule__in=list(rules), ground__isnull=False
        )
        .exclude(conflict__state=ConflictState.FALSE_ALARM)
        .exclude(values__has_key="reason")
        .order_by("pk")
        .values_list("pk", "conflict__rule", "conflict__parties")
    )
    rows = [row for row in found if not {kind for kind, _ in row[2]} & NOT_TOLD]
    plans = _plans_of(parties for *_, parties in rows)
    names = _digest(repr([sorted(code_names(language).items()) for language in LANGUAGES]))
    said = {code: _digest(f"{_words(rule)} {names}") for code, rule in rules.items()}
    wanted = {}
    for pk, code, parties in rows:
        codes = {
            key if kind == PartyKind.PLAN else plans.get(key.partition("@")[0], "")
            for kind, key in parties
            if kind in (PartyKind.PLAN, PartyKind.ZONE)
        }
        of = tuple(sorted(codes - {""}))
        fingerprint = _digest(f"{pk} {said[code]} {of}")
        wanted[fingerprint] = _Told(pk, fingerprint, of)
    return wanted


def _write(told: Sequence[_Told], on: dt.date, revision: Revision) -> None:
    """Write rows of what is told, with their copy for maps."""
    rows = ConflictFinding.objects.select_related("conflict").in_bulk([one.finding for one in told])
    names = {language: code_names(language) for language in LANGUAGES}
    found = [rows[one.finding] for one in told]
    boundaries = [row.ground for row in found if row.ground is not None]
    grounds = np.empty(len(found), dtype=object)
    grounds[:] = [to_shapely(boundary) for boundary in boundaries]
    moved = np.array(crs.transform(grounds, settings.STORAGE_EPSG, crs.WEB_MERCATOR), dtype=object)
    broken = ~shapely.is_valid(moved)
    moved[broken] = shapely.make_valid(moved[broken], method="structure")
    PublishedConflict.objects.bulk_create(
        [
            PublishedConflict(
                **_columns(one, row, names),
                boundary=boundary,
                boundary_3857=to_multipolygon(shape, crs.WEB_MERCATOR),
                valid_from=on,
                from_revision=revision.number,
            )
            for one, row, boundary, shape in zip(told, found, boundaries, moved, strict=True)
        ]
    )


def _columns(
    one: _Told, row: ConflictFinding, names: Mapping[str, dict[str, str]]
) -> dict[str, Any]:
    rule = rules_by_code()[row.conflict.rule]
    return {
        "identity": row.conflict.identity,
        "rule": rule.code,
        "severity": row.severity,
        "title_vi": rule.title_vi,
        "title_en": rule.title_en,
        "text_vi": words.sentence(rule, row.values, "vi", names["vi"]),
        "text_en": words.sentence(rule, row.values, "en", names["en"]),
        "legal_source": rule.source,
        "plans": list(one.plans),
        "area_m2": row.area_m2,
        "fingerprint": one.fingerprint,
    }


def _words(rule: Rule) -> str:
    return repr((rule.title_vi, rule.title_en, rule.said_vi, rule.said_en, rule.source))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _plans_of(found: Iterable[Sequence[Sequence[str]]]) -> dict[str, str]:
    """Return the plan's code of each zone among parties."""
    keys = {
        key.partition("@")[0]
        for parties in found
        for kind, key in parties
        if kind == PartyKind.ZONE
    }
    with connection.cursor() as cursor:
        cursor.execute(_PLANS, {"keys": sorted(keys)})
        return dict(cursor.fetchall())


_PLANS: Final = """
    SELECT DISTINCT z.uid::text, p.code
    FROM planning_zone z
    JOIN planning_planversion v ON v.id = z.introduced_by_id
    JOIN planning_plan p ON p.id = v.plan_id
    WHERE z.to_revision IS NULL AND z.uid = ANY(%(keys)s::uuid[])
"""
