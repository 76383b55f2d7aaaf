"""The signs of a layer with their meaning: from the rules of its style, or from the data.

Zones are drawn in as many colours as there are functions in force; their legend lists exactly the
functions that are drawn, with the same joins as the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connections

from tileserver.freshness import ALIAS
from tileserver.layer import in_both_times
from tileserver.style import Fill, Line, Mark

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from tileserver.layer import Layer
    from tileserver.style import Listing, Part

#: The zoom at which signs are shown: streets have casings, hatches are seen.
SHOWN_ZOOM = 16.0
#: A sign that is drawn nearer only is shown as it looks there.
_NEAREST_ZOOM = 22.0


@dataclass(frozen=True)
class LegendEntry:
    """A sign and what it means. `said` holds the attributes that its parts take colours from."""

    #: The value that the data list, such as the code of a function; empty for a rule's entry.
    value: str
    title_vi: str
    title_en: str
    #: A heading in English, as the reference table has it; empty where entries have none.
    group: str
    parts: tuple[Part, ...]
    said: Mapping[str, object]

    def title(self, language: str) -> str:
        """Return the title in "en" or "vi", in the other language where there is none."""
        return (self.title_en or self.title_vi) if language == "en" else self.title_vi

    def colour_of(self, colour: str) -> str:
        """Return #rrggbb for a colour of a part."""
        return str(self.said[colour[1:-1]]) if colour.startswith("[") else colour

    @property
    def colour(self) -> str:
        """The colour by which the sign is known: of its surface or badge, else of its line."""
        for kind in (Fill, Mark, Line):
            for part in reversed(self.parts):
                if isinstance(part, kind):
                    return self.colour_of(part.colour)
        return "#000000"

    @property
    def hatch(self) -> str:
        """The figure that fills it, empty for none."""
        return str(self.said.get("hatch") or "")


def legend_entries(
    layer: Layer, *, as_of: dt.date, known_at: int | None = None
) -> tuple[LegendEntry, ...]:
    """Return the signs of a layer on a day, at a revision (None: the newest)."""
    listing = layer.style.listing
    if listing is None:
        return _of_rules(layer)
    return tuple(_listed(layer, listing, row) for row in _rows(layer, listing, as_of, known_at))


def _of_rules(layer: Layer) -> tuple[LegendEntry, ...]:
    shown: dict[tuple[str, str], LegendEntry] = {}
    for rule in layer.style.rules:
        # A style of one rule draws what the layer is called.
        titles = (rule.title_vi or layer.title_vi, rule.title_en or layer.title_en)
        if rule.title_vi or len(layer.style.rules) == 1:
            shown.setdefault(titles, LegendEntry("", *titles, "", _seen(rule.draw), {}))
    return tuple(shown.values())


def _listed(layer: Layer, listing: Listing, row: dict[str, Any]) -> LegendEntry:
    value = str(row[listing.value])
    rule = layer.style.rule_for(row)
    names = [
        " ".join(filter(None, (row["symbol"], row[column]))) or value
        for column in (listing.title_vi, listing.title_en)
    ]
    return LegendEntry(
        value, names[0], names[1], str(row["group"] or ""), _seen(rule.draw) if rule else (), row
    )


def _seen(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    seen = tuple(part for part in parts if part.is_seen(SHOWN_ZOOM))
    return seen or tuple(part for part in parts if part.is_seen(_NEAREST_ZOOM))


def _rows(
    layer: Layer, listing: Listing, as_of: dt.date, known_at: int | None
) -> list[dict[str, Any]]:
    """Return one row for each pair of group and value, in the order of the reference table."""
    names = sorted({*layer.style.attributes, listing.value, listing.title_vi, listing.title_en})
    names = [name for name in names if name not in _letters(layer)]
    columns = ", ".join(f'{_sql_of(layer, name)} AS "{name}"' for name in names)
    conditions = [*layer.conditions(), "{known:v}", "{valid:v}"]
    sql = in_both_times(
        f'SELECT DISTINCT {listing.order} AS "order", {listing.group} AS "group",'  # noqa: S608 - our own list
        f' {listing.symbol} AS "symbol", {columns}'
        f" FROM {layer.view} v {layer.joins} WHERE {' AND '.join(conditions)}"
        f' ORDER BY "order" NULLS LAST, "{listing.value}"',
        known=None if known_at is None else "%(known_at)s",
        day="%(as_of)s",
    )
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(sql, {"as_of": as_of, "known_at": known_at})
        found = [
            dict(zip(("order", "group", "symbol", *names), row, strict=True)) for row in cursor
        ]
    by_value: dict[tuple[Any, Any], dict[str, Any]] = {}
    for row in found:
        by_value.setdefault((row["group"], row[listing.value]), row)
    return list(by_value.values())


def _letters(layer: Layer) -> set[str]:
    """Return the attributes that are only written on the map."""
    decided = {condition.attribute for rule in layer.style.rules for condition in rule.when}
    return set(layer.style.attributes) - decided - layer.style.colour_attributes


def _sql_of(layer: Layer, name: str) -> str:
    return next(a.sql for a in layer.attributes if a.name == name)
