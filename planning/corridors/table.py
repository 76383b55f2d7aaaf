"""Reading the rules: the table of corridors, and beside it what a machine needs to measure them.

`safety_corridors.csv` holds the figures and the words of the law; `corridor_measures.csv` says, for
each row of it, from where and around what they are measured. A figure is never typed twice: the
second table names it by its place in the first.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from typing import TYPE_CHECKING

from planning.corridors.records import Interval, Rule
from planning.corridors.words import (
    QUANTITIES,
    SELECTORS,
    THEME_OF_OBJECT,
    Doubt,
    Effect,
    ObjectKind,
    Place,
    Priority,
    Reference,
    Restriction,
    Role,
    Side,
)

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "safety_corridors.csv"
MEASURES = "corridor_measures.csv"

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
#: Columns of the table that a figure may be named in.
_COLUMNS = {"distance": "distance_m", "note": "note"}


class UnreadableRule(ValueError):
    """A row of `corridor_measures.csv` that does not say what it means."""


def read_rules(folder: Path) -> list[Rule]:
    """Return the rules of the two tables in a folder, in the order of the measures.

    Raises UnreadableRule, naming row and fault, where the two do not fit together.
    """
    table = {row["id"]: row for row in _rows(folder / TABLE)}
    rules = []
    for number, row in enumerate(_rows(folder / MEASURES), start=2):
        if row["rule"] not in table:
            raise UnreadableRule(f"{MEASURES} row {number}: {TABLE} has no {row['rule']!r}")
        try:
            rules.append(_rule(table[row["rule"]], row))
        except (ValueError, IndexError, KeyError) as fault:
            raise UnreadableRule(f"{MEASURES} row {number} ({row['rule']}): {fault}") from fault
    return rules


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _rule(words: dict[str, str], row: dict[str, str]) -> Rule:
    figure = _figure(words, row["figure"])
    if Role(row["role"]) in (Role.CORRIDOR, Role.SITING) and (
        figure is None and row["reference"] != Reference.RED_LINE
    ):
        raise ValueError("a distance without a figure")
    kind = ObjectKind(row["object"])
    if row["quantity"]:
        Interval.read(row["range"])
        _known(row["quantity"], QUANTITIES)
    if row["theme"] != THEME_OF_OBJECT[kind]:
        raise ValueError(f"{kind} does not belong to {row['theme']!r}")
    return Rule(
        id=row["rule"],
        measure=int(row["measure"]),
        role=Role(row["role"]),
        object=kind,
        theme=row["theme"],
        family=row["family"],
        valid_from=dt.date.fromisoformat(row["valid_from"]),
        valid_to=dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        selectors={name: tuple(row[name].split("|")) for name in SELECTORS if row[name]},
        quantity=row["quantity"],
        range=row["range"],
        unit=row["unit"],
        place=Place(row["place"] or "any"),
        side=Side(row["side"] or "both"),
        reference=Reference(row["reference"]) if row["reference"] else None,
        figure_m=figure,
        other_figure_m=_figure(words, row["other_figure"]),
        at_most_m=_at_most(words, row["at_most"], figure),
        is_certain=row["is_certain"] != "no",
        allowance_m=float(row["allowance_m"] or 0),
        band_doubt=str(Doubt(row["band_doubt"])) if row["band_doubt"] else "",
        needs=_listed(row["needs"], (*SELECTORS, *QUANTITIES, "is_urban")),
        priority=str(Priority(row["priority"])) if row["priority"] else "",
        effect=Effect(row["effect"] or "listed"),
        restricts=_listed(row["restricts"], tuple(Restriction)),
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        condition_vi=row["condition_vi"],
        condition_en=row["condition_en"],
        object_text=words["object"],
        condition_text=words["condition"],
        distance_text=words["distance_m"],
        measured_from_text=words["direction_measured_from"],
        restricts_text=words["restricts"],
        legal_source=words["legal_source"],
        in_force_text=words["in_force"],
        confidence=words["confidence"],
        note=words["note"],
        why_not=row["why_not"],
        own_choice=row["own_choice"],
        validity_source=row["validity_source"],
    )


def _figure(words: dict[str, str], where: str) -> float | None:
    """Return the number that "distance 2" or "note 1" names in the table, counted from 1."""
    if not where:
        return None
    column, _, place = where.partition(" ")
    return float(_NUMBER.findall(words[_COLUMNS[column]])[int(place) - 1])


def _at_most(words: dict[str, str], where: str, figure: float | None) -> float | None:
    """Return the widest reach: a number of the table, or "x" and a factor for the figure.

    The factor is a number of the table too, or, with a reason in `own_choice`, our own.
    """
    if not where.startswith("x "):
        return _figure(words, where)
    if figure is None:
        raise ValueError("a factor without a figure")
    factor = where.removeprefix("x ")
    named = float(factor) if _NUMBER.fullmatch(factor) else _figure(words, factor)
    return figure * named if named is not None else None


def _listed(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    words = tuple(text.split("|")) if text else ()
    for word in words:
        _known(word, known)
    return words


def _known(word: str, known: tuple[str, ...]) -> None:
    if word not in known:
        raise ValueError(f"{word!r} is none of {', '.join(known)}")
