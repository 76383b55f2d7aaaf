"""Sentences about findings: the rule's own words, filled with numbers and names.

A sentence is always told. What it has no value for reads "?": a conflict with a hole in its
sentence is better than an answer that fails.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planning.conflicts.records import Rule

#: What stands where nothing is known.
UNKNOWN: Final = "?"
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
#: Mark before the decimals and between groups of three, as the pages and the client write them.
_MARKS: Final = {"vi": (",", "."), "en": (".", ",")}
_YES_NO: Final = {"vi": ("không", "có"), "en": ("no", "yes")}
#: Values of these names count in calendar years: 2024, not 2.024.
_YEARS: Final = re.compile(r"(^|_)years?$")
#: From here on tenths say nothing.
_WHOLE_FROM: Final = 1_000
_SMALL_DIGITS: Final = 4


def title(rule: Rule, language: str) -> str:
    """Return the rule's title in a language ("vi", "en")."""
    return rule.title_en if _base(language) == "en" else rule.title_vi


def measured(rule: Rule, language: str) -> str:
    """Return how the rule is measured, in a language."""
    return rule.measured_en if _base(language) == "en" else rule.measured_vi


def said(rule: Rule, language: str) -> str:
    """Return the rule's sentence as it stands in the catalogue, with its placeholders."""
    return rule.said_en if _base(language) == "en" else rule.said_vi


def sentence(
    rule: Rule,
    values: Mapping[str, object],
    language: str,
    names: Mapping[str, str] | None = None,
) -> str:
    """Return what a rule says of one finding in a language ("vi", "en").

    `names` turns codes among the values into words of that language: "function.DAT_O" is looked up
    first, for the value called function, then "DAT_O". Codes joined by "+" are named one by one.
    """
    known = names or {}

    def written(match: re.Match[str]) -> str:
        name = match[1]
        return value(name, values.get(name), language, known)

    return _PLACEHOLDER.sub(written, said(rule, language))


def value(name: str, raw: object, language: str, names: Mapping[str, str] | None = None) -> str:
    """Return one value as it stands in a sentence; `name` is what the rule calls it."""
    if raw is None or raw == "":
        return UNKNOWN
    if isinstance(raw, bool):
        return _YES_NO[_base(language)][raw]
    if isinstance(raw, str):
        return _named(name, raw, names or {})
    if isinstance(raw, list | tuple | set | frozenset):
        return ", ".join(value(name, one, language, names) for one in raw) or UNKNOWN
    try:
        as_number = float(raw)  # type: ignore[arg-type] # what is no number is written as it is
    except (TypeError, ValueError):
        return str(raw)
    if _YEARS.search(name) and as_number.is_integer() and as_number > _WHOLE_FROM:
        return str(int(as_number))
    return number(as_number, language)


def number(raw: float, language: str) -> str:
    """Write a number with the digits that say something, and no zeros behind them.

    None from 1,000 on, one from 100, two from 1; below 1 as many as show two that are not zero,
    at most four.
    """
    if not math.isfinite(raw):
        return UNKNOWN
    size = abs(raw)
    if size >= _WHOLE_FROM:
        digits = 0
    elif size >= 100:
        digits = 1
    elif size >= 1 or size == 0:
        digits = 2
    else:
        digits = min(_SMALL_DIGITS, 1 - math.floor(math.log10(size)))
    mark, group = _MARKS[_base(language)]
    whole, _, decimals = f"{raw:,.{digits}f}".partition(".")
    decimals = decimals.rstrip("0")
    if whole in ("0", "-0") and not decimals:
        whole = "0"
    text = whole.replace(",", group) + (mark + decimals if decimals else "")
    if text == "0" and raw != 0:
        return f"< {number(10**-_SMALL_DIGITS, language)}"
    return text


def _named(name: str, code: str, names: Mapping[str, str]) -> str:
    for key in (f"{name}.{code}", code):
        if key in names:
            return names[key]
    if "+" in code:
        return " + ".join(_named(name, one, names) for one in code.split("+") if one)
    return code


def _base(language: str) -> str:
    base = language.split("-", maxsplit=1)[0].lower()
    return base if base in _MARKS else "vi"
