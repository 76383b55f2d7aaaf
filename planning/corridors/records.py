"""What the corridor engine takes and gives: frozen values without a database.

All shapes are in one projected system in metres, the storage zone of the installation.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planning.corridors.words import Effect, ObjectKind, Place, Reference, Role, Side

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

#: A value of an attribute. None and "" both mean that it is not recorded.
Value = str | float | bool | None

_INTERVAL = re.compile(r"([\[(])\s*(\d*\.?\d*)\s*,\s*(\d*\.?\d*)\s*([\])])")


@dataclass(frozen=True)
class SourceObject:
    """An object of the register from which corridors are measured.

    `attributes` carries the columns of its layer (docs/city-files.md): for a power line
    `voltage_kv`, `conductor`, `placement`, `outer_conductor_m`, and so on. What is not recorded may
    be None, "" or absent.
    """

    kind: ObjectKind
    id: int
    key: str
    name: str
    name_en: str
    shape: BaseGeometry
    attributes: Mapping[str, Value]

    def number(self, attribute: str) -> float | None:
        """Return a recorded number, None where there is none.

        Raises ValueError for text, a negative number and one that is not finite.
        """
        value = self.attributes.get(attribute)
        if value is None or value == "":
            return None
        number = float(value)
        if not 0 <= number < math.inf:
            raise ValueError(f"{self.kind} {self.key}: {attribute} is {value!r}")
        return number

    def text(self, attribute: str) -> str:
        """Return a recorded word, "" where there is none."""
        value = self.attributes.get(attribute)
        return "" if value is None else str(value)

    @property
    def is_urban(self) -> bool | None:
        """Whether it runs through a town; None where nobody said."""
        value = self.attributes.get("is_urban")
        return None if value is None or value == "" else bool(value)


@dataclass(frozen=True)
class Interval:
    """Numbers between two bounds, each of which may be open or missing."""

    low: float | None
    high: float | None
    with_low: bool
    with_high: bool

    @classmethod
    def read(cls, text: str) -> Interval:
        """Read "[200,5000]", "(5000,50000]" or "(50000,)".

        Raises ValueError for anything else.
        """
        found = _INTERVAL.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is not an interval")
        opening, low, high, closing = found.groups()
        return cls(
            float(low) if low else None,
            float(high) if high else None,
            opening == "[",
            closing == "]",
        )

    def __contains__(self, number: float) -> bool:
        above = self.low is None or number > self.low or (self.with_low and number == self.low)
        below = self.high is None or number < self.high or (self.with_high and number == self.high)
        return above and below


@dataclass(frozen=True)
class Rule:
    """One measure of one row of the table of corridors, as it holds from one day to another.

    Figures are metres beyond the reference. The words of the table travel along for the reader.
    """

    id: str
    measure: int
    role: Role
    object: ObjectKind
    theme: str
    #: Rules of one family are alternatives: at most one of them holds for one object.
    family: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    #: Column of SELECTORS → words, one of which the object must have. A word that begins with "!"
    #: names a recorded exception instead; one that begins with "=" counts only where it is
    #: recorded, and raises no doubt where it is not.
    selectors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Name of the bounded number, "" for none, and its bounds.
    quantity: str = ""
    range: str = ""
    #: Unit in which a capacity must be recorded to be compared; "" where the column has its own.
    unit: str = ""
    place: Place = Place.ANY
    side: Side = Side.BOTH
    reference: Reference | None = None
    figure_m: float | None = None
    #: With Side.PROTECTED: the figure of the side that is not protected.
    other_figure_m: float | None = None
    #: How far the corridor may reach where it is wider than its figure; None: no further.
    at_most_m: float | None = None
    #: False where the figure itself is too weak to say "applies".
    is_certain: bool = True
    #: How far the reference may lie beyond what is recorded.
    allowance_m: float = 0.0
    #: Why `at_most_m` or `is_certain` leaves ground open; a Doubt.
    band_doubt: str = ""
    #: Attributes without which nothing is certain: they decide whether there is a corridor at all.
    needs: tuple[str, ...] = ()
    #: For Role.PRIORITY: how the family `family` governs over roads; a Priority.
    priority: str = ""
    effect: Effect = Effect.LISTED
    restricts: tuple[str, ...] = ()
    name_vi: str = ""
    name_en: str = ""
    condition_vi: str = ""
    condition_en: str = ""
    #: The table's own words.
    object_text: str = ""
    condition_text: str = ""
    distance_text: str = ""
    measured_from_text: str = ""
    restricts_text: str = ""
    legal_source: str = ""
    in_force_text: str = ""
    confidence: str = ""
    note: str = ""
    #: Why it cannot be measured (Role.NONE), what in it is our own choice, where the days are from.
    why_not: str = ""
    own_choice: str = ""
    validity_source: str = ""

    def holds_on(self, day: dt.date) -> bool:
        """Whether the rule is in force on this legal day; the last day is not included."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class Corridor:
    """Ground that a rule restricts around an object.

    `certain` is inside in any case; `uncertain` is inside or not, depending on what is not
    recorded, and shares no ground with `certain`. Either may be empty.
    """

    rule: Rule
    source: SourceObject
    certain: BaseGeometry
    uncertain: BaseGeometry
    #: Why `uncertain` is not decided: values of Doubt, and `<attribute>_unknown`.
    doubts: tuple[str, ...] = ()
    #: Metres from the object's own line or edge to the outer end of the corridor, left and right of
    #: it: of the certain part, or of all where nothing is certain.
    reach_m: tuple[float, float] = (0.0, 0.0)

    @property
    def is_empty(self) -> bool:
        """Whether there is no ground at all."""
        return bool(self.certain.is_empty and self.uncertain.is_empty)

    @property
    def shape(self) -> BaseGeometry:
        """All ground that is or may be inside."""
        if self.uncertain.is_empty:
            return self.certain
        return self.certain.union(self.uncertain)
