"""The form of an extract as the API publishes it."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # ninja reads annotations at run time
import uuid  # noqa: TC003
from typing import Any, Literal

from ninja import Schema

AnswerWord = Literal["applies", "clear", "no_data", "not_checked"]


class Plan(Schema):
    """The decision behind a statement."""

    code: str
    name_vi: str
    name_en: str
    level: str
    scale: int
    decision_number: str
    decision_date: dt.date
    authority: str
    valid_from: dt.date
    valid_to: dt.date | None
    data_date: dt.date
    accuracy_m: float | None


class Zone(Schema):
    """A zone as the plan states it."""

    uid: uuid.UUID
    label: str
    function: str
    function_name_vi: str
    function_name_en: str
    colour: str
    land_use_code: str
    density: str
    storeys: str
    floor_area_ratio: str
    plan: Plan


class AnnualPlan(Schema):
    """A year's land-use plan and its decision."""

    code: str
    name_vi: str
    name_en: str
    year: int
    authority: str
    decision_number: str
    decision_date: dt.date


class ItemEffect(Schema):
    """What a project's listing means for the holder on the day (Land Law 31/2024/QH15 art. 76)."""

    state: str
    restriction: str
    next_step: str
    article: str
    years_listed: list[int]
    counted_from: int | None
    two_years_end: dt.date | None
    decision_number: str
    decision_date: dt.date | None


class Item(Schema):
    """A project of the annual land-use plan."""

    key: str
    name_vi: str
    name_en: str
    kind: str
    purpose: str
    purpose_name_vi: str
    purpose_name_en: str
    area_m2: float | None
    first_listed_year: int
    names_the_plot: bool
    effect: ItemEffect
    plan: AnnualPlan


class Line(Schema):
    """A red line or building line."""

    key: str
    kind: str
    name_vi: str
    name_en: str
    plan_code: str
    decision_number: str
    decision_date: dt.date
    authority: str
    valid_from: dt.date
    valid_to: dt.date | None


class Corridor(Schema):
    """A rule that restricts ground around an object, with its source and how far to trust it."""

    rule: str
    source_key: str
    source_name: str
    source_name_en: str
    object_vi: str
    object_en: str
    distance_m: float | None
    measured_from: str
    effect: str
    condition_vi: str
    condition_en: str
    restricts: list[str]
    legal_source: str
    confidence: str
    note: str
    doubts: list[str]
    valid_from: dt.date
    valid_to: dt.date | None
    superseded_by: str | None


class Register(Schema):
    """Who says how far a theme's register reaches, and as of when."""

    title_vi: str
    title_en: str
    is_complete: bool
    data_date: dt.date


class Piece(Schema):
    """A part of the plot on which a theme says one thing."""

    answer: AnswerWord
    reason: str | None
    trouble: str | None
    area_m2: float | None
    share: float | None
    within_tolerance: bool
    conflict: bool
    boundary: dict[str, Any] | None
    zones: list[Zone]
    plans: list[Plan]
    items: list[Item]
    lines: list[Line]
    corridors: list[Corridor]


class Theme(Schema):
    """All that one theme says of the plot."""

    theme: str
    answer: AnswerWord
    answers: dict[AnswerWord, float]
    registers: list[Register]
    pieces: list[Piece]


class Unit(Schema):
    """A ward."""

    code: str
    name: str
    name_en: str


class Sheet(Schema):
    """A cadastral map sheet."""

    number: str
    scale: int
    epsg: int


class Twin(Schema):
    """Another row that claims the same number."""

    uuid: uuid.UUID
    sheet: str
    number: str
    legal_area_m2: float | None


class LandUse(Schema):
    """A registered purpose."""

    code: str
    name_vi: str
    name_en: str
    area_m2: float | None


class Alias(Schema):
    """A number that the plot had before."""

    unit_code: str
    unit_name: str
    sheet: str
    number: str


class Source(Schema):
    """The received record."""

    file: str
    row: int
    sha256: str
    accuracy_m: float | None


class Parcel(Schema):
    """The plot as the register has it."""

    uuid: uuid.UUID
    national_id: str
    unit: Unit
    sheet: Sheet
    number: str
    address: str
    legal_area_m2: float | None
    measured_area_m2: float | None
    geometry_state: str
    is_disputed: bool
    disputed_with: list[Twin]
    land_uses: list[LandUse]
    known_before_as: list[Alias]
    boundary: dict[str, Any] | None
    data_date: dt.date
    valid_from: dt.date
    valid_to: dt.date | None
    source: Source


class Notice(Schema):
    """What a reader has to know."""

    code: str
    text: str


class ExtractAnswer(Schema):
    """What is planned for a parcel on a day, as known at a revision."""

    parcel: Parcel
    as_of: dt.date
    known_at: int
    known_since: dt.datetime
    answer: AnswerWord
    themes: list[Theme]
    notices: list[Notice]
