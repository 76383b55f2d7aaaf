"""Changing a rule on corridors by a decision of an office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from landdata.errors import Forbidden, Invalid, Missing
from landdata.models import Revision
from planning.models import CorridorRule
from planning.operations.safety_corridors import plan_redrawing
from planning.permissions import may_change_corridor_rules

if TYPE_CHECKING:
    import datetime as dt

    from accounts.models import User


@dataclass(frozen=True)
class Decided:
    """What a decision says of one measure of a rule, from a day on."""

    rule: str
    measure: int
    #: Number, date and body, as people cite it.
    decision: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    figure_m: float | None = None
    #: With a figure for the protected side of a dyke: the one for the other side.
    other_figure_m: float | None = None
    condition_vi: str = ""
    condition_en: str = ""


@transaction.atomic
def change_corridor_rule(decided: Decided, *, on: dt.date, by: User | None) -> CorridorRule:
    """Let a rule hold as decided, from its day on.

    The row that held there stays and loses to the new one, which begins later. A row that begins on
    the same day is closed: it was wrong from the first day. A decided figure is exact: what the
    table left open around its own ends. Nobody at all (`by` None) is the operator at the machine.
    """
    if by is not None and not may_change_corridor_rules(by, on=on):
        raise Forbidden("change_corridor_rule", rule=decided.rule)
    _check(decided)
    rows = CorridorRule.objects.known_now().filter(rule=decided.rule, measure=decided.measure)
    before = rows.filter(valid_from__lte=decided.valid_from).order_by("-valid_from").first()
    base = before or rows.order_by("valid_from").first()
    if base is None:
        raise Missing("corridor_rule", rule=decided.rule, measure=decided.measure)
    new = _changed(base, decided)
    with Revision.open(by=by, why=f"corridor rule {decided.rule}: {decided.decision}") as revision:
        rows.filter(valid_from=decided.valid_from).close(revision)
        new.from_revision = revision.number
        new.save()
    plan_redrawing()
    return new


def _check(decided: Decided) -> None:
    if not decided.decision.strip():
        raise Invalid("corridor_rule_without_decision", rule=decided.rule)
    for figure in (decided.figure_m, decided.other_figure_m):
        # Also false for what is not a number.
        if figure is not None and not 0 <= figure < float("inf"):
            raise Invalid("corridor_rule_figure", rule=decided.rule, figure=figure)
    if decided.valid_to is not None and decided.valid_to <= decided.valid_from:
        raise Invalid("corridor_rule_days", rule=decided.rule)


def _changed(base: CorridorRule, decided: Decided) -> CorridorRule:
    new = CorridorRule.of(base.as_rule())
    new.valid_from, new.valid_to = decided.valid_from, decided.valid_to
    new.office_decision = new.legal_source = decided.decision
    new.validity_source = "office_decision"
    new.confidence = "high"
    new.in_force_text = new.note = new.own_choice = ""
    new.condition_vi = decided.condition_vi or base.condition_vi
    new.condition_en = decided.condition_en or base.condition_en
    if decided.figure_m is not None:
        new.figure_m = decided.figure_m
        new.at_most_m, new.is_certain, new.band_doubt = None, True, ""
        new.distance_text = f"{decided.figure_m:g}"
    if decided.other_figure_m is not None:
        new.other_figure_m = decided.other_figure_m
        new.distance_text += f" / {decided.other_figure_m:g}"
    return new
