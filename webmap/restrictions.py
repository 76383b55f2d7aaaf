"""What lies on a plot and restricts it, object by object: corridors and control lines.

The pieces of a theme are cut by what overlaps; a person asks about the power line. So the pieces
of one object are put together again, and every rule is told once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from planning.corridors.words import Effect
from planning.extract.records import Answer
from webmap import figures, words
from webmap.lead import LOOK_OF_EFFECT, strictest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from landdata.models import Theme
    from planning.extract.records import CorridorReference, LineReference, ParcelExtract, Piece


@dataclass(frozen=True)
class RuleLine:
    """One rule about an object, in words."""

    name: str
    figure: str
    #: "forbidden", "conditional", "listed"; '' where no rule of the table speaks.
    effect: str
    effect_name: str
    restricts: str
    condition: str
    #: How much of the plot, where it is not all that the object takes.
    area: str
    doubts: tuple[str, ...]
    superseded: tuple[str, ...]
    confidence: str
    source: str
    validity: str
    note: str
    code: str


@dataclass(frozen=True)
class ObjectRow:
    """An object that restricts the plot, with all pieces that it reaches."""

    #: Ids of its pieces, for the map to show.
    ids: str
    answer: Answer
    effect: str
    #: As webmap.lead draws an effect; what is open is drawn as not checked.
    look: str
    name: str
    area: str
    share: str
    #: What may be inside besides, "" for none.
    uncertain: str
    rules: tuple[RuleLine, ...]


def rule_names(extract: ParcelExtract) -> dict[str, str]:
    """Return what the rules that reach the plot are called, by their code."""
    return {
        corridor.rule: figures.name(corridor.object_vi, corridor.object_en)
        for theme in extract.themes
        for piece in theme.pieces
        for corridor in piece.corridors
    }


def object_rows(
    theme: Theme, pieces: Sequence[tuple[str, Piece]], rules: Mapping[str, str]
) -> tuple[ObjectRow, ...]:
    """Return the objects on some pieces, those first that surely restrict and restrict most.

    `rules` names the rules by their codes, for what goes before another.
    """
    corridors: dict[str, list[tuple[str, Piece]]] = defaultdict(list)
    lines: dict[str, list[tuple[str, Piece]]] = defaultdict(list)
    for id, piece in pieces:
        for key in dict.fromkeys(map(_object, piece.corridors)):
            corridors[key].append((id, piece))
        for key in dict.fromkeys(line.key for line in piece.lines):
            lines[key].append((id, piece))
    found = [_corridor_object(theme, key, on, rules) for key, on in corridors.items()]
    found += [_line_object(key, on) for key, on in lines.items()]
    return tuple(sorted(map(_row, _together(found)), key=_binding))


@dataclass(frozen=True)
class _Found:
    """An object with its rules and the pieces that it reaches or may reach."""

    name: str
    effect: Effect
    on: tuple[tuple[str, Piece], ...]
    rules: tuple[RuleLine, ...]

    @property
    def is_sure(self) -> bool:
        return any(piece.answer is Answer.APPLIES for _, piece in self.on)


def _together(found: Iterable[_Found]) -> list[_Found]:
    """Join objects that all may reach the plot under the same rules: one doubt, told once."""
    joined: dict[object, _Found] = {}
    for one in found:
        key: object = id(one) if one.is_sure else one.rules
        other = joined.get(key)
        if other is not None:
            on = {**dict(other.on), **dict(one.on)}
            one = _Found(f"{other.name}, {one.name}", one.effect, tuple(on.items()), one.rules)
        joined[key] = one
    return list(joined.values())


def _object(corridor: CorridorReference) -> str:
    """Return what tells objects apart for people: a street is one, whatever its segments."""
    return corridor.source_name or corridor.source_key


def _binding(row: ObjectRow) -> tuple[bool, int, str]:
    strictness = {Effect.FORBIDDEN: 0, Effect.CONDITIONAL: 1, Effect.LISTED: 2}
    return (row.answer is not Answer.APPLIES, strictness.get(Effect(row.effect), 0), row.name)


@dataclass
class _Ground:
    """What some pieces amount to."""

    ids: list[str] = field(default_factory=list)
    area_m2: float = 0.0
    share: float = 0.0

    def add(self, id: str, piece: Piece) -> None:
        self.ids.append(id)
        self.area_m2 += piece.area_m2 or 0.0
        self.share += piece.share or 0.0


def _grounds(on: Iterable[tuple[str, Piece]]) -> tuple[_Ground, _Ground]:
    """Return the ground that is surely inside, and the one that may be."""
    sure, maybe = _Ground(), _Ground()
    for id, piece in on:
        (sure if piece.answer is Answer.APPLIES else maybe).add(id, piece)
    return sure, maybe


def _corridor_object(
    theme: Theme, key: str, on: Sequence[tuple[str, Piece]], rules: Mapping[str, str]
) -> _Found:
    told: dict[tuple[object, ...], list[tuple[str, Piece, CorridorReference]]] = defaultdict(list)
    for id, piece in on:
        for corridor in piece.corridors:
            if _object(corridor) == key:
                told[_same_rule(corridor)].append((id, piece, corridor))
    whole = {id for id, _ in on}
    lines = [_rule_line(said, rules, whole=whole) for said in told.values()]
    first = next(c for _, piece in on for c in piece.corridors if _object(c) == key)
    effect = strictest(line.effect for line in lines) or Effect.LISTED
    name = figures.name(first.source_name, first.source_name_en) or str(words.OBJECT_NAMES[theme])
    return _Found(name, effect, tuple(on), tuple(lines))


def _row(found: _Found) -> ObjectRow:
    sure, maybe = _grounds(found.on)
    main = sure if sure.ids else maybe
    uncertain = ""
    if sure.ids and maybe.ids:
        uncertain = gettext("possibly %(area)s more, %(share)s") % {
            "area": figures.area(maybe.area_m2),
            "share": figures.percent(maybe.share),
        }
    return ObjectRow(
        ids=" ".join([*sure.ids, *maybe.ids]),
        answer=Answer.APPLIES if sure.ids else Answer.NOT_CHECKED,
        effect=found.effect,
        look=LOOK_OF_EFFECT[found.effect] if sure.ids else Answer.NOT_CHECKED,
        name=found.name,
        area=figures.area(main.area_m2),
        share=figures.percent(main.share),
        uncertain=uncertain,
        rules=found.rules,
    )


def _same_rule(corridor: CorridorReference) -> tuple[object, ...]:
    """What two mentions of one rule have in common; its measures differ in name or figure."""
    return (corridor.rule, corridor.object_vi, corridor.distance_m, corridor.effect)


def _rule_line(
    said: Sequence[tuple[str, Piece, CorridorReference]],
    rules: Mapping[str, str],
    *,
    whole: set[str],
) -> RuleLine:
    _, _, corridor = said[0]
    sure, maybe = _grounds((id, piece) for id, piece, _ in said)
    doubts = [
        words.doubt(doubt)
        for _, piece, mention in said
        if piece.answer is not Answer.APPLIES
        for doubt in mention.doubts
    ]
    area = ""
    if {id for id, _, _ in said} != whole:
        parts = [figures.area(sure.area_m2)] if sure.ids else []
        if maybe.ids:
            possibly = gettext("possibly %(area)s") % {"area": figures.area(maybe.area_m2)}
            parts.append(possibly)
        area = ", ".join(parts)
    return RuleLine(
        name=figures.name(corridor.object_vi, corridor.object_en),
        figure=words.distance(corridor.distance_m, corridor.measured_from),
        effect=corridor.effect,
        effect_name=words.effect(corridor.effect),
        restricts=words.restricts(corridor.restricts),
        condition=figures.name(corridor.condition_vi, corridor.condition_en),
        area=area,
        doubts=tuple(dict.fromkeys(doubts)),
        superseded=_superseded(said, rules),
        confidence=words.confidence(corridor.confidence),
        source=words.table_text(corridor.legal_source),
        validity=_validity(corridor),
        note=words.table_text(corridor.note),
        code=corridor.rule,
    )


def _superseded(
    said: Sequence[tuple[str, Piece, CorridorReference]], rules: Mapping[str, str]
) -> tuple[str, ...]:
    before: dict[str, float] = defaultdict(float)
    for _, piece, mention in said:
        if mention.superseded_by:
            before[mention.superseded_by] += piece.area_m2 or 0.0
    other = gettext("another corridor")
    sentence = gettext("On %(area)s of it another corridor goes before this one: %(name)s.")
    return tuple(
        sentence % {"area": figures.area(area_m2), "name": rules.get(code, other)}
        for code, area_m2 in before.items()
    )


def _line_object(key: str, on: Sequence[tuple[str, Piece]]) -> _Found:
    line = next(line for _, piece in on for line in piece.lines if line.key == key)
    kind, meaning = (str(text) for text in words.LINES[line.kind])
    name = figures.name(line.name_vi, line.name_en)
    told = RuleLine(
        name=meaning,
        figure="",
        effect=Effect.FORBIDDEN,
        effect_name="",
        restricts="",
        condition="",
        area="",
        doubts=(),
        superseded=(),
        confidence="",
        source=_decision(line),
        validity=_validity(line),
        note="",
        code=line.plan_code,
    )
    # Most names say the kind themselves.
    called = name if kind.lower() in name.lower() else f"{kind}: {name}" if name else kind
    return _Found(called, Effect.FORBIDDEN, tuple(on), (told,))


def _decision(line: LineReference) -> str:
    if not line.decision_number:
        return ""
    return gettext("Decision %(number)s of %(day)s (%(authority)s)") % {
        "number": line.decision_number,
        "day": figures.day(line.decision_date),
        "authority": line.authority,
    }


def _validity(held: CorridorReference | LineReference) -> str:
    if held.valid_to is None:
        return gettext("in force since %(day)s") % {"day": figures.day(held.valid_from)}
    return gettext("in force from %(day)s until before %(end)s") % {
        "day": figures.day(held.valid_from),
        "end": figures.day(held.valid_to),
    }
