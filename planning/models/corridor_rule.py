"""Rules by which corridors are measured."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from landdata.models import Revisioned, RevisionedQuerySet
from planning.corridors import words
from planning.corridors.records import Rule

#: Fields that the table keeps as lists.
_LISTS = ("needs", "restricts")


def _choices(kinds: Any) -> list[tuple[str, str]]:
    return [(str(kind), str(kind)) for kind in kinds]


class CorridorRuleFields(Revisioned):
    """What a rule says; see planning.corridors.records.Rule for each field.

    The table of the software and the public view over it carry the same columns.
    """

    rule = models.CharField(max_length=60)
    measure = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=10, choices=_choices(words.Role))
    object = models.CharField(max_length=16, choices=_choices(words.ObjectKind))
    theme = models.CharField(max_length=20)
    family = models.CharField(max_length=60)
    selectors = models.JSONField(default=dict, blank=True)
    quantity = models.CharField(max_length=20, blank=True)
    range = models.CharField(max_length=40, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=10, choices=_choices(words.Place))
    side = models.CharField(max_length=12, choices=_choices(words.Side))
    reference = models.CharField(
        max_length=20, null=True, blank=True, choices=_choices(words.Reference)
    )
    figure_m = models.FloatField(null=True, blank=True)
    other_figure_m = models.FloatField(null=True, blank=True)
    at_most_m = models.FloatField(null=True, blank=True)
    is_certain = models.BooleanField(default=True)
    allowance_m = models.FloatField(default=0)
    band_doubt = models.CharField(max_length=30, blank=True)
    needs = models.CharField(max_length=80, blank=True)
    priority = models.CharField(max_length=14, blank=True)
    effect = models.CharField(max_length=12, choices=_choices(words.Effect))
    restricts = models.CharField(max_length=120, blank=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    condition_vi = models.TextField(blank=True)
    condition_en = models.TextField(blank=True)
    object_text = models.TextField()
    condition_text = models.TextField(blank=True)
    distance_text = models.TextField(blank=True)
    measured_from_text = models.TextField(blank=True)
    restricts_text = models.TextField(blank=True)
    legal_source = models.TextField()
    in_force_text = models.TextField(blank=True)
    confidence = models.TextField(blank=True)
    note = models.TextField(blank=True)
    why_not = models.TextField(blank=True)
    own_choice = models.TextField(blank=True)
    validity_source = models.TextField()
    #: The decision by which an office changed the rule; empty: from the tables of the software.
    office_decision = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.rule} {self.measure} from {self.valid_from}"

    def as_rule(self) -> Rule:
        """Return the rule for the engine."""
        values = {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(Rule)
            if field.name != "id"
        }
        for name in _LISTS:
            values[name] = tuple(values[name].split("|")) if values[name] else ()
        values["selectors"] = {name: tuple(given) for name, given in self.selectors.items()}
        if self.reference is not None:
            values["reference"] = words.Reference(self.reference)
        for name, kind in _ENUMS.items():
            values[name] = kind(values[name])
        return Rule(id=self.rule, **values)


_ENUMS: dict[str, Any] = {
    "role": words.Role,
    "object": words.ObjectKind,
    "place": words.Place,
    "side": words.Side,
    "effect": words.Effect,
}


class CorridorRule(CorridorRuleFields):
    """One measure of one rule on safety and protection corridors, from one day to another.

    On a day, of two rows for one measure the one that begins later holds: an office changes a rule
    by adding a row with its decision, and the tables of the software leave that row alone.
    """

    objects = RevisionedQuerySet["CorridorRule"].as_manager()

    class Meta(Revisioned.Meta):
        constraints: ClassVar[list[Any]] = [
            *Revisioned.Meta.constraints,
            models.UniqueConstraint(
                fields=["rule", "measure", "valid_from"],
                condition=Q(to_revision=None),
                name="corridor_rule_known_once",
            ),
            models.CheckConstraint(
                condition=(Q(figure_m__isnull=True) | Q(figure_m__gte=0))
                & (Q(other_figure_m__isnull=True) | Q(other_figure_m__gte=0))
                & Q(allowance_m__gte=0),
                name="corridor_rule_figures_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(at_most_m__isnull=True)
                | Q(figure_m__isnull=False, at_most_m__gte=F("figure_m")),
                name="corridor_rule_at_most_not_below_figure",
            ),
        ]

    @classmethod
    def of(cls, rule: Rule) -> CorridorRule:
        """Return the unsaved row of a rule."""
        values = {
            field.name: getattr(rule, field.name)
            for field in dataclasses.fields(Rule)
            if field.name != "id"
        }
        for name in _LISTS:
            values[name] = "|".join(values[name])
        values["selectors"] = {name: list(given) for name, given in rule.selectors.items()}
        return cls(rule=rule.id, **values)
