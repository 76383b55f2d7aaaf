"""People of parcels and of units, from a text of commas.

A census and an estimate are two statements: a file is one or the other, and each is a data set of
its own, so that neither replaces the other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importers import guard, sandbox, separated
from importers.features.columns import Column, Day, Number, Text, Word
from importers.features.layers import CheckedLayer, check_rows
from importers.features.run import About, FoundRows
from importers.features.spec import LayerSpec, note
from landdata.errors import Invalid
from landdata.models import CountMethod, Population
from landdata.queries import parcels_with_national_ids, unit_codes

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from importers.issues import IssueLog

#: More people than in all of Việt Nam are a slip of the comma.
_MOST_PEOPLE: Final = 150_000_000
PEOPLE: Final = LayerSpec(
    "population",
    guard.NO_GEOMETRY,
    "",
    (
        Column("national_id", Text(12)),
        Column("unit_code", Text(5)),
        Column("people", Number(0, _MOST_PEOPLE), needed=True),
        Column("counted_on", Day(), needed=True),
        Column("method", Word(CountMethod.values), needed=True),
        Column("source", Text(200), needed=True, quoted=False),
    ),
    Population,
)
CENSUS: Final = About(
    "population-census", "population_census", "Tổng điều tra dân số", "Population census"
)
_ABOUT: Final = {
    CountMethod.CENSUS.value: CENSUS,
    CountMethod.ESTIMATE.value: About(
        "population-estimate", "population_estimate", "Dân số ước tính", "Population estimate"
    ),
}


def read_population(path: Path, log: IssueLog) -> FoundRows:
    """Return the checked rows of a file, each with its parcel or its unit.

    Raises Invalid `methods_mixed` when the file has a census and an estimate, and what the reader
    raises.
    """
    columns = [column.name for column in PEOPLE.columns]
    table = sandbox.read_csv(path, columns)
    numbers = np.asarray(table.column(separated.ROW))
    good = np.asarray(table.column(separated.WHOLE), bool).copy()
    note("csv_cells_differ", PEOPLE, "", numbers[~good], log)
    said = {method for method in pc.unique(table.column("method")).to_pylist() if method}
    if set(CountMethod.values) <= said:
        raise Invalid("methods_mixed")
    # A row that has not all its cells has its note; what it lacks is not counted once more.
    whole = table.filter(pa.array(good)).drop_columns([separated.WHOLE])
    checked = check_rows(whole, None, PEOPLE, log, np.ones(whole.num_rows, bool))
    placed = _placed(checked, log)
    return FoundRows(
        layers=[placed.without((), int((~good).sum()))],
        epsg=None,
        about=next((about for method, about in _ABOUT.items() if method in said), None),
        data_date=pc.max(placed.features.column("counted_on")).as_py(),
    )


def _placed(layer: CheckedLayer, log: IssueLog) -> CheckedLayer:
    """Return the rows whose parcel or unit is known, with their keys."""
    rows = np.asarray(layer.features.column("row"))
    ids = np.array([*layer.features.column("national_id").to_pylist(), None], object)[:-1]
    units = np.array([*layer.features.column("unit_code").to_pylist(), None], object)[:-1]
    good = np.ones(len(rows), bool)

    def refuse(code: str, column: str, bad: NDArray[np.bool_], shown: NDArray[np.object_]) -> None:
        note(code, PEOPLE, column, rows[bad & good], log, shown[bad & good].tolist())
        good[bad] = False

    refuse("place_unclear", "national_id", (ids == "") == (units == ""), ids)
    parcels = parcels_with_national_ids(sorted({*ids[good & (ids != "")]}))
    claims = np.array([len(parcels.get(number, ())) for number in ids], np.int64)
    refuse("parcel_unknown", "national_id", (ids != "") & (claims == 0), ids)
    refuse("parcel_ambiguous", "national_id", (ids != "") & (claims > 1), ids)
    days = np.array([*layer.features.column("counted_on").to_pylist(), None], object)[:-1]
    known = np.zeros(len(rows), bool)
    for day in set(days):
        known |= (days == day) & np.isin(units, list(unit_codes(on=day)))
    refuse("unit_unknown", "unit_code", (units != "") & ~known, units)
    keys = np.where(ids != "", ids, units)
    _, first = np.unique(keys[good].astype(str), return_index=True)
    second = np.setdiff1d(np.flatnonzero(good), np.flatnonzero(good)[first])
    refuse("key_twice", "national_id", np.isin(np.arange(len(rows)), second), keys)
    features = layer.features.drop_columns(["national_id"])
    uuids = [str(parcels[number][0]) if number in parcels else None for number in ids]
    features = features.append_column("source_key", pa.array(keys.tolist(), pa.string()))
    features = features.append_column("parcel_id", pa.array(uuids, pa.string()))
    return replace(layer, features=features).keeping(good)
