"""Reading the catalogue of rules (`fixtures/reference/conflict_rules.toml`)."""

from __future__ import annotations

import hashlib
import json
import tomllib
from typing import TYPE_CHECKING, Any

from planning.conflicts.records import Family, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What decides what is found; words do not.
_DECIDES = ("code", "judge", "severity", "parameters", "valid_from", "valid_to", "revised")


def read_rules(text: str) -> tuple[Rule, ...]:
    """Return the rules of a catalogue in the order of their codes.

    A parameter that is written "@name" is the table [shared.name], which several rules may go by.
    Raises ValueError for a code that is there twice, for a missing column and a missing table.
    """
    written = tomllib.loads(text)
    shared = written.get("shared", {})
    rules = [_rule(_with_shared(entry, shared)) for entry in written["rule"]]
    codes = [rule.code for rule in rules]
    if len(set(codes)) != len(codes):
        raise ValueError("a code stands twice in the catalogue of conflicts")
    return tuple(sorted(rules, key=lambda rule: rule.code))


def _with_shared(entry: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    parameters = dict(entry.get("parameters", {}))
    for name, value in parameters.items():
        if isinstance(value, str) and value.startswith("@"):
            if value[1:] not in shared:
                raise ValueError(
                    f"rule {entry.get('code')}: there is no table [shared.{value[1:]}]"
                )
            parameters[name] = shared[value[1:]]
    return {**entry, "parameters": parameters}


def _rule(entry: Mapping[str, Any]) -> Rule:
    try:
        return Rule(
            code=entry["code"],
            judge=entry["judge"],
            family=Family(entry["family"]),
            severity=Severity(entry["severity"]),
            title_vi=entry["title_vi"],
            title_en=entry["title_en"],
            said_vi=entry["said_vi"],
            said_en=entry["said_en"],
            measured_vi=entry["measured_vi"],
            measured_en=entry["measured_en"],
            source=entry["source"],
            confidence=entry["confidence"],
            valid_from=entry.get("valid_from"),
            valid_to=entry.get("valid_to"),
            parameters=entry.get("parameters", {}),
            is_public=entry["is_public"],
            version=_version(entry),
            violates=entry["violates"],
            clean=entry["clean"],
        )
    except KeyError as missing:
        raise ValueError(f"rule {entry.get('code')}: {missing} is missing") from missing


def _version(entry: Mapping[str, Any]) -> str:
    decides = {name: entry[name] for name in _DECIDES if name in entry}
    written = json.dumps(decides, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]
