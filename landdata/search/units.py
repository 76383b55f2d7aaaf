"""Units that a text names: wards, communes, districts that were, provinces.

Many wards share a name, and a code without a date is ambiguous: an older ward leads to those
that succeeded it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connections

from landdata.search.fold import fold, has_diacritics, tone_fold
from landdata.search.found import PlaceHit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

ALIAS = "public"
MOST_PLACES = 20
#: Longest name of a unit in words, its kind included ("thành phố Phan Rang - Tháp Chàm" has 6).
_LONGEST_NAME = 8
#: Kinds of units, folded: what `folded` in the table begins with.
_KINDS = (
    "phuong", "xa", "thi tran", "dac khu", "quan", "huyen", "thi xa", "thanh pho", "tinh",
)  # fmt: skip
_ENGLISH_KINDS = frozenset(("ward", "commune", "district", "province", "city"))
_OLD = frozenset(("cũ", "cu", "old", "former"))
_SHORT = {
    "p": "phuong", "q": "quan", "h": "huyen", "x": "xa", "tp": "thanh pho", "tx": "thi xa",
    "tt": "thi tran", "dk": "dac khu", "tphcm": "thanh pho ho chi minh", "hn": "ha noi",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit of today or of before, and which words of the text name it."""

    code: str
    level: str
    full_name: str
    parent_code: str
    is_current: bool
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Succession:
    """A unit that was, and the wards of today on its ground, by name."""

    former: str
    today: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedGround:
    """What a text says about where: wards (today's codes), units to show, and other words."""

    #: Wards today, or None if the text names no unit at all.
    ward_codes: tuple[str, ...] | None
    units: tuple[NamedUnit, ...]
    #: Words that name no unit, in the writer's letters.
    rest: str
    #: Codes that former wards of these names had: old numbers are of them.
    former_codes: tuple[str, ...] = ()
    successions: tuple[Succession, ...] = ()

    @property
    def has_former_units_only(self) -> bool:
        """Whether every unit named ceased to exist."""
        return bool(self.units) and not any(unit.is_current for unit in self.units)


def named_ground(text: str, *, as_of: dt.date) -> NamedGround:
    """Return the ground that a text names, wards narrowed by a province or district beside them."""
    words = _words(text)
    matches = _matches(words, as_of=as_of)
    named = [unit for unit in matches if unit.level == "ward"]
    wards = _best(named, words)
    taken = {at for unit in wards for at in range(unit.start, unit.stop)}
    wider = [
        unit
        for unit in matches
        if unit.level != "ward" and not taken & set(range(unit.start, unit.stop))
    ]
    wider = _best(wider, words)
    if wards and wider:
        wards = _within(wards, wider, as_of=as_of) or wards
    units = wards or wider
    if not units:
        return NamedGround(None, (), text)
    used = {at for unit in (*wards, *wider) for at in range(unit.start, unit.stop + 1)
            if at < unit.stop or _is_called_old(unit, words)}  # fmt: skip
    rest = " ".join(
        word
        for at, (word, folded) in enumerate(words)
        if at not in used and folded not in _ENGLISH_KINDS
    )
    ground = _ground(units, as_of=as_of)
    # A ward of today may have the name of one that was, whose papers are still about.
    namesakes = {u.code for u in named if not u.is_current and _same_words(u, wards)}
    if any(unit.is_current for unit in wards):
        former = namesakes
    else:
        former = {piece.former_code for piece in ground if piece.former_code}
    codes = tuple(sorted({piece.code for piece in ground if piece.code}))
    return NamedGround(
        codes, tuple(units), rest, tuple(sorted(former)), _successions(units, ground)
    )


def places_of(
    units: Iterable[NamedUnit], codes: Sequence[str], *, as_of: dt.date
) -> list[PlaceHit]:
    """Return today's units among `units`, and today's wards of the former ones, with their box.

    Wards in which we have plots come first; at most MOST_PLACES + 1.
    """
    levels = {unit.level for unit in units if unit.is_current and unit.level != "ward"}
    shown = [unit.code for unit in units if unit.is_current and unit.level in levels]
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            _PLACES,
            {
                "as_of": as_of,
                "wards": [] if shown else list(codes),
                "wider": shown,
                "limit": MOST_PLACES + 1,
            },
        )
        return [
            PlaceHit("unit", name, lon, lat, (west, south, east, north))
            for name, lon, lat, west, south, east, north in cursor.fetchall()
        ]


_PLACES = """
    SELECT name, ST_X(point), ST_Y(point), ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
    FROM (
        SELECT u.code, u.full_name
                || CASE WHEN p.full_name IS NULL THEN '' ELSE ', ' || p.full_name END AS name,
            ST_Transform(coalesce(u.point, ST_PointOnSurface(u.boundary)), 4326) AS point,
            ST_Transform(
                ST_Envelope(coalesce(u.boundary_3857, ST_Transform(u.point, 3857))), 4326
            ) AS box,
            EXISTS (SELECT FROM public_parcels v WHERE v.unit_code = u.code) AS has_parcels
        FROM public_units u
        LEFT JOIN public_units p ON p.code = u.parent_code AND p.level = 'province'
            AND p.to_revision IS NULL AND p.valid_from <= %(as_of)s
            AND (p.valid_to IS NULL OR p.valid_to > %(as_of)s)
        WHERE u.to_revision IS NULL AND u.valid_from <= %(as_of)s
            AND (u.valid_to IS NULL OR u.valid_to > %(as_of)s)
            AND ((u.level = 'ward' AND u.code = ANY(%(wards)s))
                OR (u.level <> 'ward' AND u.code = ANY(%(wider)s)))
            AND coalesce(u.boundary_3857, u.point) IS NOT NULL
        ORDER BY has_parcels DESC, u.full_name, u.code
        LIMIT %(limit)s
    ) s ORDER BY has_parcels DESC, name, code
"""

_MATCHES = """
    SELECT code, level, full_name, folded, tone_folded, parent_code,
        valid_from <= %(as_of)s AND (valid_to IS NULL OR valid_to > %(as_of)s)
    FROM public_units WHERE to_revision IS NULL AND folded = ANY(%(names)s)
    ORDER BY level, code, valid_from
"""


def _words(text: str) -> list[tuple[str, str]]:
    """Return the words of a text, each as it is written and folded, short kinds written out."""
    words: list[tuple[str, str]] = []
    for written in re.split(r"[\s,;.\-–/]+", text):
        folded = fold(written)
        if glued := re.fullmatch(r"([pq])(\d{1,2})", folded):
            words += [(written[0], _SHORT[glued[1]]), (written[1:], glued[2])]
        elif folded:
            words.append((written, _SHORT.get(folded, folded)))
    return words


def _matches(words: list[tuple[str, str]], *, as_of: dt.date) -> list[NamedUnit]:
    """Return the units whose full or bare name stands in the words; tones decide where written."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for start in range(len(words)):
        for stop in range(start + 1, min(len(words), start + _LONGEST_NAME) + 1):
            name = " ".join(folded for _, folded in words[start:stop])
            # "Phường 12" is called 12 by nobody; a house number is.
            kinds = () if name.isdecimal() else _KINDS
            said = _kind_before(start, words)
            for full in (name, *(f"{kind} {name}" for kind in ((said,) if said else kinds))):
                spans.setdefault(full, []).append((start, stop))
    if not spans:
        return []
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_MATCHES, {"as_of": as_of, "names": list(spans)})
        rows = cursor.fetchall()
    found = []
    for code, level, full_name, folded, toned, parent_code, is_current in rows:
        for start, stop in spans[folded]:
            if _sounds_like([word for word, _ in words[start:stop]], toned):
                found.append(
                    NamedUnit(code, level, full_name, parent_code, is_current, start, stop)
                )
    return found


def _sounds_like(written: list[str], toned: str) -> bool:
    """Say whether every word written with diacritics is the name's own, counted from the end.

    A word without diacritics stands for any: people write "Hoà Binh" too.
    """
    name = toned.split()[-len(written) :]
    return all(
        fold(word) in _SHORT or not has_diacritics(word) or tone_fold(word) == spoken
        for word, spoken in zip(written[-len(name) :], name, strict=True)
    )


def _kind_before(at: int, words: list[tuple[str, str]]) -> str:
    """Return the kind of unit that stands before a word: "quận Ba Đình" is no ward."""
    for count in (2, 1):
        kind = " ".join(folded for _, folded in words[max(0, at - count) : at])
        if kind in _KINDS:
            return kind
    return ""


def _best(units: list[NamedUnit], words: list[tuple[str, str]]) -> list[NamedUnit]:
    """Keep the units that most words name; units of today before those that ceased.

    The other way round where the writer says "cũ" behind the name.
    """
    longest = max((unit.stop - unit.start for unit in units), default=0)
    best = [unit for unit in units if unit.stop - unit.start == longest]
    old = [unit for unit in best if not unit.is_current and _is_called_old(unit, words)]
    return old or [unit for unit in best if unit.is_current] or best


def _is_called_old(unit: NamedUnit, words: list[tuple[str, str]]) -> bool:
    return unit.stop < len(words) and words[unit.stop][0].casefold().strip("()") in _OLD


def _same_words(unit: NamedUnit, others: Iterable[NamedUnit]) -> bool:
    return any((unit.start, unit.stop) == (other.start, other.stop) for other in others)


def _within(wards: list[NamedUnit], wider: list[NamedUnit], *, as_of: dt.date) -> list[NamedUnit]:
    """Keep the wards that lie in one of the wider units, or came out of one."""
    codes = {(unit.level, unit.code) for unit in wider}
    inside = [
        w for w in wards if {("province", w.parent_code), ("district", w.parent_code)} & codes
    ]
    if inside:
        return inside
    among = {piece.code for piece in _ground(wider, as_of=as_of)}
    return [ward for ward in wards if ward.is_current and ward.code in among]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A ward of today, and the former ward that led to it."""

    code: str | None
    name: str
    former_code: str
    former_parent: str


_GROUND = """
    WITH former AS (
        SELECT DISTINCT code, parent_code FROM public_units
        WHERE to_revision IS NULL AND level = 'ward'
            AND NOT (valid_from <= %(as_of)s AND (valid_to IS NULL OR valid_to > %(as_of)s))
            AND (code = ANY(%(former_wards)s) OR parent_code = ANY(%(former_districts)s))
    ), today AS (
        SELECT code, full_name, parent_code FROM public_units
        WHERE to_revision IS NULL AND level = 'ward'
            AND valid_from <= %(as_of)s AND (valid_to IS NULL OR valid_to > %(as_of)s)
    )
    SELECT code, full_name, '', '' FROM today
    WHERE code = ANY(%(wards)s) OR parent_code = ANY(%(provinces)s)
    UNION
    SELECT s.new_code, coalesce(today.full_name, s.new_code), former.code, former.parent_code
    FROM former
    LEFT JOIN public_unit_successions s ON s.old_code = former.code AND s.to_revision IS NULL
    LEFT JOIN today ON today.code = s.new_code
    ORDER BY 2, 1, 3
"""


def _ground(units: Iterable[NamedUnit], *, as_of: dt.date) -> list[_Piece]:
    """Return today's wards on the ground of these units, in the order of their names."""
    units = list(units)

    def codes(level: str, *, is_current: bool) -> list[str]:
        return [u.code for u in units if u.level == level and u.is_current == is_current]

    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            _GROUND,
            {
                "as_of": as_of,
                "wards": codes("ward", is_current=True),
                "provinces": codes("province", is_current=True),
                "former_wards": codes("ward", is_current=False),
                "former_districts": codes("district", is_current=False),
            },
        )
        return [_Piece(*row) for row in cursor.fetchall()]


def _successions(units: Iterable[NamedUnit], ground: Iterable[_Piece]) -> tuple[Succession, ...]:
    """Return, for each named unit that ceased, the wards of today that it led to."""
    told = []
    for unit in units:
        if unit.is_current:
            continue
        mine = [
            piece.name
            for piece in ground
            if piece.code
            and unit.code == (piece.former_code if unit.level == "ward" else piece.former_parent)
        ]
        told.append(Succession(unit.full_name, tuple(dict.fromkeys(mine))))
    return tuple(dict.fromkeys(told))
