"""Taking in annual land-use plans with the projects that they list.

A plan delivered is the whole list of its year: what it no longer names is gone from it. Plans that
are not in the delivery are left alone. Rows hold on the days of their plan; what changes is what we
know of them, so a differing row is closed and written again, all in one revision. The same delivery
twice makes no revision.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction

from landdata.errors import Forbidden, Invalid
from landdata.models import Revision
from landdata.operations.reference import Counts
from planning.content import NamedPlot
from planning.models import AnnualLandUsePlan, LandUsePlanItem, LandUsePlanItemParcel
from planning.operations.annual_grounds import grounds_of
from planning.operations.named_plots import parcels_of
from planning.permissions import may_take_in_annual_plan

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Sequence

    from accounts.models import User
    from landdata.models import SourceFile
    from planning.content import AnnualPlanContent, ItemContent
    from planning.operations.named_plots import ItemKey, PlotFinding, Plots

#: More than this share of the list leaving at once is more often a bad delivery than news.
GONE_WITHOUT_ASKING: Final = 0.01
#: One delivery of annual plans at a time, from the comparison on: nobody else writes these tables.
_LOCK: Final = 7_305_911


@dataclass(frozen=True)
class AnnualPlanIntake:
    """What became of a delivery; no revision if it said what was known."""

    plans: Counts
    items: Counts
    plots: Counts
    findings: tuple[PlotFinding, ...]
    #: Code and key of what stood before and is listed no more.
    gone: tuple[ItemKey, ...]
    revision: int | None


@transaction.atomic
def take_in_annual_plans(
    *,
    plans: Sequence[AnnualPlanContent],
    items: Sequence[ItemContent],
    source_file: SourceFile,
    by: User | None,
    on: dt.date,
    why: str,
    read_in_part: Collection[str] = (),
    accept_gone: bool = False,
    dry_run: bool = False,
) -> AnnualPlanIntake:
    """Make what is known of the delivered plans equal to the delivery.

    `source_file` is saved; units are named by the codes of its `data_date`. `by` None is the
    operator at the machine itself. `read_in_part` are codes of plans of which a row could not be
    read: nothing of them can be gone. A plot that no current parcel or several answer to is kept
    in the plan's words, without a parcel, and is a finding.

    Raises Forbidden outside the person's territory; Invalid `key_twice` for two rows of one key,
    `annual_plan_unknown` for an item of a plan that is not delivered, and `too_many_items_gone`
    above one per cent of the lists unless `accept_gone`.
    """
    for plan in plans:
        if by is not None and not may_take_in_annual_plan(by, on=on, at=plan.boundary):
            raise Forbidden("take_in_annual_plan", plan=plan.code)
    _check_keys(plans, items)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    standing = _Standing.of([plan.code for plan in plans])
    found, findings = parcels_of(items, source_file.data_date, standing.plots)
    change = _compare(plans, items, found, standing, read_in_part)
    counts = change.counts(plans, items, found, standing)
    if not accept_gone and len(change.gone) > GONE_WITHOUT_ASKING * len(standing.items):
        raise Invalid("too_many_items_gone", gone=len(change.gone), standing=len(standing.items))
    revision_number = None
    if change.is_any and not dry_run:
        with Revision.open(by=by, why=why, source_file=source_file) as revision:
            _write(change, found, revision, source_file)
        revision_number = revision.number
    gone = tuple((row.annual_plan_code, row.item_key) for row in change.gone)
    return AnnualPlanIntake(*counts, tuple(findings), gone, revision_number)


def _check_keys(plans: Sequence[AnnualPlanContent], items: Sequence[ItemContent]) -> None:
    keys = Counter(plan.code for plan in plans)
    keys.update(f"{item.annual_plan_code} {item.item_key}" for item in items)
    for key, times in keys.items():
        if times > 1:
            raise Invalid("key_twice", layer="annual_plan", key=key)
    for item in items:
        if item.annual_plan_code not in keys:
            raise Invalid("annual_plan_unknown", plan=item.annual_plan_code)


@dataclass(frozen=True)
class _Standing:
    """What is known now of the delivered plans."""

    plans: dict[str, AnnualLandUsePlan]
    items: dict[ItemKey, LandUsePlanItem]
    plots: Plots

    @classmethod
    def of(cls, codes: Sequence[str]) -> _Standing:
        """Read it: three statements, however many items there are."""
        items = (
            LandUsePlanItem.objects.known_now()
            .filter(annual_plan_code__in=codes)
            .prefetch_related("parcels")
        )
        by_key = {(row.annual_plan_code, row.item_key): row for row in items.order_by("pk")}
        return cls(
            plans={p.code: p for p in AnnualLandUsePlan.objects.known_now().filter(code__in=codes)},
            items=by_key,
            plots={
                key: {
                    NamedPlot(p.unit_code, p.sheet_number, p.scale, p.number): p.parcel_id
                    for p in row.parcels.all()
                }
                for key, row in by_key.items()
            },
        )


@dataclass
class _Change:
    """What must be written, and what closed."""

    plans: list[AnnualPlanContent] = field(default_factory=list)
    items: list[tuple[ItemContent, AnnualPlanContent]] = field(default_factory=list)
    old_plans: list[AnnualLandUsePlan] = field(default_factory=list)
    old_items: list[LandUsePlanItem] = field(default_factory=list)
    gone: list[LandUsePlanItem] = field(default_factory=list)

    @property
    def is_any(self) -> bool:
        """Whether the delivery says anything new."""
        return bool(self.plans or self.items or self.gone)

    def counts(
        self,
        plans: Sequence[AnnualPlanContent],
        items: Sequence[ItemContent],
        found: Plots,
        standing: _Standing,
    ) -> tuple[Counts, Counts, Counts]:
        """Return what became of the rows of plans, items and plots."""
        return (
            _counts(len(plans), len(self.plans), len(self.old_plans), 0),
            _counts(len(items), len(self.items), len(self.old_items), len(self.gone)),
            _plot_counts(found, standing, self.gone),
        )


def _counts(read: int, written: int, replaced: int, gone: int) -> Counts:
    return Counts(read, written - replaced, replaced, read - written, gone)


def _plot_counts(
    found: Plots,
    standing: _Standing,
    gone: Iterable[LandUsePlanItem],
) -> Counts:
    fates = Counter[str]()
    left = sum(len(standing.plots[row.annual_plan_code, row.item_key]) for row in gone)
    for key, plots in found.items():
        before = standing.plots.get(key, {})
        left += len(before.keys() - plots.keys())
        for plot, parcel in plots.items():
            if plot not in before:
                fates["new"] += 1
            else:
                fates["unchanged" if before[plot] == parcel else "changed"] += 1
    return Counts(fates.total(), fates["new"], fates["changed"], fates["unchanged"], left)


def _compare(
    plans: Sequence[AnnualPlanContent],
    items: Sequence[ItemContent],
    found: Plots,
    standing: _Standing,
    read_in_part: Collection[str],
) -> _Change:
    change = _Change()
    by_code = {plan.code: plan for plan in plans}
    for plan in plans:
        known = standing.plans.get(plan.code)
        if known is not None and _says_plan(known) == _says_plan(plan):
            continue
        change.plans.append(plan)
        if known is not None:
            change.old_plans.append(known)
    for item in items:
        key = (item.annual_plan_code, item.item_key)
        plan = by_code[item.annual_plan_code]
        old = standing.items.get(key)
        if (
            old is not None
            and _says_item(old) == _says_item(item)
            and (old.valid_from, old.valid_to) == (plan.valid_from, plan.valid_to)
            and standing.plots[key] == found[key]
        ):
            continue
        change.items.append((item, plan))
        if old is not None:
            change.old_items.append(old)
    change.gone += [
        row
        for key, row in standing.items.items()
        if key not in found and row.annual_plan_code not in read_in_part
    ]
    return change


_PLAN_FIELDS: Final = (
    *("code", "name_vi", "name_en", "year", "authority", "decision_number", "decision_date"),
    *("data_date", "valid_from", "valid_to", "boundary"),
)
_ITEM_FIELDS: Final = (
    *("annual_plan_code", "item_key", "name_vi", "name_en", "kind", "purpose", "area_m2"),
    *("first_listed_year", "status", "decision_number", "decision_date", "note", "boundary"),
)


def _says_plan(row: AnnualPlanContent | AnnualLandUsePlan) -> tuple[Any, ...]:
    return tuple(_word(getattr(row, name)) for name in _PLAN_FIELDS)


def _says_item(row: ItemContent | LandUsePlanItem) -> tuple[Any, ...]:
    return tuple(_word(getattr(row, name)) for name in _ITEM_FIELDS)


def _word(value: Any) -> Any:
    # Boundaries are the same when they are so bit for bit: received coordinates are the record.
    return bytes(value.wkb) if hasattr(value, "wkb") else value


def _write(
    change: _Change,
    found: Plots,
    revision: Revision,
    source_file: SourceFile,
) -> None:
    closing = [row.pk for row in (*change.old_items, *change.gone)]
    AnnualLandUsePlan.objects.filter(pk__in=[p.pk for p in change.old_plans]).close(revision)
    LandUsePlanItem.objects.filter(pk__in=closing).close(revision)
    AnnualLandUsePlan.objects.bulk_create(
        (
            AnnualLandUsePlan(
                **{name: getattr(plan, name) for name in _PLAN_FIELDS},
                source_file=source_file,
                from_revision=revision.number,
            )
            for plan in change.plans
        ),
        batch_size=500,
    )
    grounds = grounds_of([item for item, _ in change.items], found)
    rows = LandUsePlanItem.objects.bulk_create(
        (
            LandUsePlanItem(
                **{name: getattr(item, name) for name in _ITEM_FIELDS},
                ground=ground.stored,
                ground_3857=ground.drawn,
                source_file=source_file,
                source_row=item.source_row,
                valid_from=plan.valid_from,
                valid_to=plan.valid_to,
                from_revision=revision.number,
            )
            for (item, plan), ground in zip(change.items, grounds, strict=True)
        ),
        batch_size=500,
    )
    LandUsePlanItemParcel.objects.bulk_create(
        (
            LandUsePlanItemParcel(
                item=row,
                unit_code=plot.unit_code,
                sheet_number=plot.sheet_number,
                scale=plot.scale,
                number=plot.number,
                parcel_id=parcel,
            )
            for row in rows
            for plot, parcel in found[row.annual_plan_code, row.item_key].items()
        ),
        batch_size=5000,
    )
