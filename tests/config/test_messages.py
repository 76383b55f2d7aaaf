"""Every refusal, notice and reason has a sentence in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

from planning.extract.records import Notice

ROOT = Path(__file__).parents[2]
PACKAGES = ("accounts", "landdata", "planning", "importers", "tileserver", "webmap", "config")
REFUSALS = {"Missing", "Forbidden", "Stale", "Invalid"}


def refusal_codes() -> set[str]:
    """The codes that our code refuses with, read from the source."""
    found: set[str] = set()
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in REFUSALS
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                ):
                    found.add(str(node.args[0].value))
    return found


def test_there_are_refusals_to_look_at():
    assert {"zones_overlap", "revision_unknown"} <= refusal_codes()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "msgid",
    [f"error.{code}" for code in sorted(refusal_codes())] + [f"notice.{n}" for n in Notice],
)
def test_every_code_has_a_sentence(msgid, language):
    with override(language):
        assert gettext(msgid) != msgid


@pytest.mark.parametrize("status", [401, 403, 404, 412, 422, 503])
def test_every_status_has_a_title(status):
    with override("vi"):
        vietnamese = gettext(f"error.status.{status}")
    with override("en"):
        english = gettext(f"error.status.{status}")

    assert "error.status" not in vietnamese + english
    assert vietnamese != english
