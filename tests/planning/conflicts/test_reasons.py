"""What could not be checked is told in words of both languages, whatever the reason."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from planning.norms import Doubt

PLANNING = Path(__file__).parents[3] / "planning"
#: How reasons are called in the judges.
REASON = re.compile(r"no_[a-z_]+|[a-z]+_[a-z_]*(?:unknown|unreadable|ended|too_large)|norm_ended")
#: Of corridors, told as values of a finding.
NO_REASON = {"technology_unknown"}


def reasons():
    """Every word of the judges that says why something was not checked."""
    found = {str(doubt) for doubt in Doubt}
    for file in (PLANNING / "conflicts" / "rules").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} & set(REASON.findall(node.value))
    return found - NO_REASON


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_reason_has_a_sentence(language):
    catalogue = (PLANNING / "locale" / language / "LC_MESSAGES" / "django.po").read_text("utf-8")

    told = re.findall(r'^msgid "conflict\.reason\.(\w+)"\nmsgstr "(.+)"$', catalogue, re.MULTILINE)

    assert {"people_unknown", "no_parcels", "function_unknown"} <= reasons()
    assert reasons() <= {reason for reason, _ in told}
