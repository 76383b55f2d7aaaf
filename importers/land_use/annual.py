"""Rows of annual plans, items and plots to what a plan lists, with a note for each left out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.conf import settings

from importers.features.layers import check_layer
from importers.features.spec import note
from importers.land_use.layers import ANNUAL_PLAN, ITEM, ITEM_PLOT
from landdata.geometry import to_multipolygon
from planning.content import AnnualPlanContent, ItemContent, NamedPlot
from planning.functions import land_use_codes
from planning.models import ItemKind, ItemStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.contrib.gis.geos import MultiPolygon

    from importers.features.layers import CheckedLayer
    from importers.features.spec import LayerSpec
    from importers.issues import IssueLog
    from importers.sandbox import Layer

#: Listed and drawn area may differ by so much before it is noted. Our own choice, no legal limit.
AREA_SHARE: Final = 0.05
AREA_M2: Final = 2.0

_ItemKey = tuple[str, str]
_RawRow = dict[str, Any]


@dataclass
class AnnualRows:
    """What may come in, how many rows of each layer stayed out, and which lists have holes."""

    plans: list[AnnualPlanContent] = field(default_factory=list)
    items: list[ItemContent] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    #: Codes of plans of which a row stayed out: nothing of them can be gone.
    read_in_part: set[str] = field(default_factory=set)

    #: Plots that an item names twice: nothing is lost by them.
    twice: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether all that the rows say came in, so that the register may be called complete."""
        return self.refused.total() == self.twice


class _Notes:
    """Gathers notes on rows of a layer, so that each kind is one entry in the log."""

    def __init__(self, spec: LayerSpec, *, refuses: bool) -> None:
        self._spec = spec
        self._refuses = refuses
        self._said: dict[tuple[str, str], list[tuple[int, str]]] = {}
        self.rows: set[int] = set()

    def add(self, code: str, column: str, row: int, value: object = "") -> None:
        self._said.setdefault((code, column), []).append((row, str(value)))
        self.rows.add(row)

    def write(self, log: IssueLog) -> None:
        for (code, column), said in self._said.items():
            rows, values = np.array([row for row, _ in said]), [value for _, value in said]
            note(code, self._spec, column, rows, log, values, refuses=self._refuses)


def check_annual(layers: Mapping[str, Layer], day: dt.date, log: IssueLog) -> AnnualRows:
    """Return what the layers annual_plan, item and item_parcel say.

    `day` is that of the data: codes of land use may be those of then or of the plan's first day.
    Raises Invalid as `check_layer` does.
    """
    found = AnnualRows()
    plans = _plans(check_layer(layers[ANNUAL_PLAN.name], ANNUAL_PLAN, log), found, log)
    written = _texts(layers[ANNUAL_PLAN.name], "code")
    plots = []
    if ITEM_PLOT.name in layers:
        checked = check_layer(layers[ITEM_PLOT.name], ITEM_PLOT, log)
        plots = checked.features.to_pylist()
        _count_out(layers[ITEM_PLOT.name], {row["row"] for row in plots}, set(written), found)
    checked = check_layer(layers[ITEM.name], ITEM, log)
    items = _items(checked, plans, {_key(row) for row in plots}, day, log)
    _count_out(layers[ITEM.name], {row["row"] for row, _ in items.values()}, set(written), found)
    named = _named_plots(plots, items, found, log)
    found.items = [
        _item(row, boundary, tuple(named.get(key, ()))) for key, (row, boundary) in items.items()
    ]
    return found


def _texts(layer: Layer, column: str) -> list[str]:
    return [(text or "").strip() for text in layer.table.column(column).to_pylist()]


def _key(row: _RawRow) -> _ItemKey:
    return row["annual_plan_code"], row["item_key"]


def _count_out(layer: Layer, kept: set[int], written: set[str], found: AnnualRows) -> None:
    """Count the rows that stayed out, and name the plans whose lists have a hole by it."""
    numbers = layer.table.column("row").to_pylist()
    for number, plan in zip(numbers, _texts(layer, "annual_plan_code"), strict=True):
        if number in kept:
            continue
        found.refused[layer.header["layer"]] += 1
        # A code that is none of the file's may be a slip for any of them.
        found.read_in_part |= {plan} if plan in written else written


def _plans(checked: CheckedLayer, found: AnnualRows, log: IssueLog) -> dict[str, AnnualPlanContent]:
    refusals = _Notes(ANNUAL_PLAN, refuses=True)
    for row, boundary in _rows(checked):
        first, last = dt.date(row["year"], 1, 1), dt.date(row["year"] + 1, 1, 1)
        if row["valid_to"] is not None and row["valid_to"] <= row["valid_from"]:
            refusals.add("validity_empty", "valid_to", row["row"], row["valid_to"])
        elif row["valid_from"] >= last or (row["valid_to"] or last) <= first:
            refusals.add("annual_plan_other_year", "year", row["row"], row["year"])
        elif boundary is not None:
            found.plans.append(
                AnnualPlanContent(
                    code=row["source_key"],
                    boundary=boundary,
                    **{name: row[name] for name in _PLAN_WORDS},
                )
            )
    refusals.write(log)
    found.refused[ANNUAL_PLAN.name] += checked.read - len(found.plans)
    return {plan.code: plan for plan in found.plans}


_PLAN_WORDS: Final = tuple(column.target for column in ANNUAL_PLAN.columns)
_ITEM_WORDS: Final = (
    *("annual_plan_code", "item_key", "name_vi", "name_en", "purpose", "first_listed_year"),
    *("decision_number", "decision_date", "note"),
)


def _rows(checked: CheckedLayer) -> Iterator[tuple[_RawRow, MultiPolygon | None]]:
    shapes = checked.shapes if checked.shapes is not None else ()
    for row, shape in zip(checked.features.to_pylist(), shapes, strict=True):
        yield row, None if shape is None else to_multipolygon(shape, settings.STORAGE_SRID)


def _items(
    checked: CheckedLayer,
    plans: dict[str, AnnualPlanContent],
    with_plots: set[_ItemKey],
    day: dt.date,
    log: IssueLog,
) -> dict[_ItemKey, tuple[_RawRow, MultiPolygon | None]]:
    refusals, remarks = _Notes(ITEM, refuses=True), _Notes(ITEM, refuses=False)
    codes = {code: land_use_codes({day, plan.valid_from}) for code, plan in plans.items()}
    kept: dict[_ItemKey, tuple[_RawRow, MultiPolygon | None]] = {}
    for row, boundary in _rows(checked):
        number, key, plan = row["row"], _key(row), plans.get(row["annual_plan_code"])
        if plan is None:
            refusals.add("annual_plan_unknown", "annual_plan_code", number, key[0])
            continue
        if key in kept:
            refusals.add("key_twice", "item_key", number, key[1])
        if row["purpose"] not in codes[plan.code]:
            refusals.add("land_use_code_unknown", "purpose", number, row["purpose"])
        if row["first_listed_year"] > plan.year:
            refusals.add(
                "first_listed_later", "first_listed_year", number, row["first_listed_year"]
            )
        if boundary is None and key not in with_plots:
            refusals.add("item_without_ground", "item_key", number, key[1])
        if number in refusals.rows:
            continue
        _remark(row, boundary, remarks)
        kept[key] = row, boundary
    refusals.write(log)
    remarks.write(log)
    return kept


def _remark(row: _RawRow, boundary: MultiPolygon | None, remarks: _Notes) -> None:
    listed_m2, number = row["area_m2"], row["row"]
    if listed_m2 is not None and boundary is not None:
        drawn_m2 = boundary.area
        if abs(listed_m2 - drawn_m2) > max(AREA_M2, AREA_SHARE * drawn_m2):
            value = f"{listed_m2:.1f} / {drawn_m2:.1f}"
            remarks.add("item_area_differs", "area_m2", number, value)
    if row["status"] != ItemStatus.LISTED and row["decision_date"] is None:
        remarks.add("decision_day_missing", "decision_date", number)


def _named_plots(
    plots: list[_RawRow],
    items: Mapping[_ItemKey, Any],
    found: AnnualRows,
    log: IssueLog,
) -> dict[_ItemKey, list[NamedPlot]]:
    refusals = _Notes(ITEM_PLOT, refuses=True)
    named: dict[_ItemKey, dict[NamedPlot, None]] = {}
    for row in plots:
        key = _key(row)
        plot = NamedPlot(
            row["unit_code"], row["sheet"], row["scale"], row["number"], row=row["row"]
        )
        if key not in items:
            refusals.add("item_unknown", "item_key", row["row"], key[1])
            found.read_in_part.add(key[0])
        elif plot in named.setdefault(key, {}):
            refusals.add("key_twice", "number", row["row"], row["number"])
            found.twice += 1
        else:
            named[key][plot] = None
    refusals.write(log)
    found.refused[ITEM_PLOT.name] += len(refusals.rows)
    return {key: list(mine) for key, mine in named.items()}


def _item(row: _RawRow, boundary: MultiPolygon | None, plots: tuple[NamedPlot, ...]) -> ItemContent:
    area = row["area_m2"]
    return ItemContent(
        kind=ItemKind(row["kind"]),
        status=ItemStatus(row["status"]),
        area_m2=None if area is None else Decimal(str(area)).quantize(Decimal("0.01")),
        boundary=boundary,
        plots=plots,
        source_row=row["row"],
        **{name: row[name] for name in _ITEM_WORDS},
    )
