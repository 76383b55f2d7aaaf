"""The catalogue of conflicts for everybody to read: what is held against what, by which law."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from planning.conflict_rules import conflict_rules
from planning.conflict_summaries import summary_values
from planning.conflicts import words
from planning.conflicts.records import Family, Severity
from webmap.figures import day, in_english, number
from webmap.rule_sketches import function_names, pattern_of, sketch_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from planning.conflicts.records import Rule
    from webmap.rule_sketches import Sketch

FAMILIES: Final = {
    Family.PLANS: _("Plan against plan"),
    Family.INSIDE: _("Inside a plan"),
    Family.GROUND: _("Plan against the ground"),
    Family.CORRIDORS: _("Safety corridors"),
    Family.TERRAIN: _("Terrain"),
    Family.NORMS: _("Norms"),
}
SEVERITIES: Final = {
    Severity.BLOCKS: _("Blocks approval"),
    Severity.WARNS: pgettext_lazy("severity of a conflict", "Warning"),
    Severity.NOTES: pgettext_lazy("severity of a conflict", "Note"),
}
#: What the drawings show, by the class of its shapes; cells of grids are one.
SIGNS: Final = {
    "zone": _("zone of the plan"),
    "above": _("zone of another plan"),
    "plan": _("boundary of a plan"),
    "corridor": _("safety corridor"),
    "parcel": _("plot"),
    "building": _("building"),
    "item": _("project of the annual plan"),
    "line": _("control line"),
    "road": _("road"),
    "object": _("works"),
    "cell": _("height or depth measured"),
    "conflict": _("what the rule finds"),
    "place": _("where the rule finds something"),
}
#: Sentences of so many findings stand below a drawing.
_TOLD: Final = 4


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Show every rule with both its examples."""
    language = "en" if in_english() else "vi"
    shown: dict[str, str] = {}
    grouped = [
        {
            "family": str(family),
            "name": name,
            "rules": [
                _laid_out(rule, language, shown)
                for rule in conflict_rules()
                if rule.family == family
            ],
        }
        for family, name in FAMILIES.items()
    ]
    return render(
        request,
        "webmap/rules.html",
        {
            "families": [group for group in grouped if group["rules"]],
            "many": len(conflict_rules()),
            "numbers": _numbers(),
            "severities": [{"code": str(s), "name": name} for s, name in SEVERITIES.items()],
        },
    )


def _numbers() -> dict[str, Any]:
    """Return what the public is told in numbers, with the names of severities."""
    told = summary_values("", on=timezone.localdate())
    for draft in told["drafts"]:
        draft["day"] = day(draft["released_on"])
    if told["in_force"]:
        told["in_force"]["day"] = day(told["in_force"]["legal_day"])
    for counts in (*(draft["counts"] for draft in told["drafts"]), _counts(told)):
        for one in counts:
            one["severity_name"] = SEVERITIES[Severity(one["severity"])]
    return told


def _counts(told: dict[str, Any]) -> list[dict[str, Any]]:
    counts: list[dict[str, Any]] = told["in_force"]["counts"] if told["in_force"] else []
    return counts


def _laid_out(rule: Rule, language: str, shown: dict[str, str]) -> dict[str, Any]:
    """Return what the page says of a rule; `shown` has the tables that stand further up."""
    return {
        "code": rule.code,
        "title": words.title(rule, language),
        "severity": str(rule.severity),
        "severity_name": SEVERITIES[rule.severity],
        "source": rule.source,
        "confidence": rule.confidence,
        "valid_from": None if rule.valid_from is None else day(rule.valid_from),
        "valid_to": None if rule.valid_to is None else day(rule.valid_to),
        "measured": words.measured(rule, language),
        "said": words.said(rule, language),
        "is_public": rule.is_public,
        "version": rule.version,
        "plain": [
            {"name": name, "value": _written(value, language)}
            for name, value in rule.parameters.items()
            if not isinstance(value, dict)
        ],
        "tables": [
            _table(name, value, rule.code, shown)
            for name, value in rule.parameters.items()
            if isinstance(value, dict)
        ],
        "examples": [_example(rule, "violates", language), _example(rule, "clean", language)],
    }


def _table(name: str, value: Any, code: str, shown: dict[str, str]) -> dict[str, str]:
    """Return a table, or the rule where it stands already: many rules share one."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    first = shown.setdefault(text, code)
    return {"name": name, "text": text if first == code else "", "first": first}


def _written(value: Any, language: str) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return words.number(value, language)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return words.value("", value, language)


def _example(rule: Rule, which: str, language: str) -> dict[str, Any]:
    sketch = sketch_of(rule.code, which)
    example = rule.violates if which == "violates" else rule.clean
    english = language == "en"
    names = {code: en if english else vi for code, (vi, en) in function_names().items()}
    return {
        "id": f"{rule.code}-{which}",
        "is_clean": which == "clean",
        "says": example.get(f"says_{language}", ""),
        "sketch": sketch,
        "bar": _length(sketch.bar_m),
        "bar_end": sketch.bar + _BAR_AT,
        "signs": _signs(sketch),
        "zones": [(key, names.get(code, code)) for key, code in sketch.zones if code],
        "found": [
            words.sentence(rule, finding.values, language, names)
            for finding in sketch.findings[:_TOLD]
        ],
        "more": max(0, len(sketch.findings) - _TOLD),
    }


_BAR_AT: Final = 8.0


def _signs(sketch: Sketch) -> list[dict[str, Any]]:
    kinds = dict.fromkeys("cell" if kind.startswith("cell") else kind for kind in sketch.kinds)
    return [{"kind": kind, "name": SIGNS[kind], "fill": pattern_of(kind)} for kind in kinds]


def _length(metres: float) -> str:
    if metres >= 1000:
        return f"{number(metres / 1000, 0)}\u00a0km"
    return f"{number(metres, 0 if metres >= 1 else 1)}\u00a0m"
