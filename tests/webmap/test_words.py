"""Every code of an answer has words in both languages."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import translation

from landdata.models import PARTITION_THEMES, RESTRICTION_THEMES, Theme
from planning.annual import ItemState, NextStep
from planning.annual import Restriction as ItemRestriction
from planning.corridors.words import Effect, ObjectKind, Reference
from planning.extract.records import Answer, Notice, Reason
from planning.models import ControlLineKind
from webmap import words
from webmap.lead import LOOK_OF_EFFECT, LOOK_OF_STATE

if TYPE_CHECKING:
    from collections.abc import Iterable

ICONS = Path(words.__file__).parent / "static" / "webmap" / "icons.svg"
TABLE = Path(__file__).parents[2] / "fixtures" / "reference" / "safety_corridors.csv"


def in_both(text) -> tuple[str, str]:
    with translation.override("vi"):
        vietnamese = str(text() if callable(text) else text)
    with translation.override("en"):
        english = str(text() if callable(text) else text)
    return vietnamese, english


def table(column: str) -> list[str]:
    """What the table of corridors says in words of its own."""
    with TABLE.open(encoding="utf-8", newline="") as rows:
        return sorted({row[column] for row in csv.DictReader(rows)} - {""})


TABLES: dict[str, tuple[dict[Any, Any], Iterable[Any]]] = {
    "theme": (words.THEME_NAMES, Theme),
    "note of a theme": (words.THEME_NOTES, Theme),
    "plan in a sentence": (words.PLAN_SENTENCE_NAMES, PARTITION_THEMES),
    "answer of plans": (words.PLAN_ANSWERS, Answer),
    "answer of projects": (words.PROJECT_ANSWERS, Answer),
    "answer of restrictions": (words.RESTRICTION_ANSWERS, Answer),
    "reference": (words.REFERENCES, Reference),
    "state of a project": (words.ITEM_STATES, ItemState),
    "restriction by a project": (words.ITEM_RESTRICTIONS, ItemRestriction),
    "next step": (words.NEXT_STEPS, NextStep),
    "reason": (words.REASONS, Reason),
    "line": (words.LINES, ControlLineKind),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_code_has_words_in_both_languages(name):
    said, codes = TABLES[name]

    assert set(map(str, said)) == set(map(str, codes))
    for value in said.values():
        for text in value if isinstance(value, tuple) else (value,):
            vietnamese, english = in_both(text)
            assert vietnamese != english
            assert "" not in (vietnamese, english)


def test_an_object_without_a_name_is_called_something():
    themes = set(RESTRICTION_THEMES) - {Theme.ANNUAL_PLAN, Theme.CONTROL_LINES}

    assert set(words.OBJECT_NAMES) == themes
    assert len(themes) == len(ObjectKind)
    for text in words.OBJECT_NAMES.values():
        assert len(set(in_both(text))) == 2


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_reason_is_a_sentence_and_says_what_to_do(reason, theme, language):
    with translation.override(language):
        why, advice = words.reason(theme, reason)

    assert why.endswith(".")
    assert advice.endswith(".")


@pytest.mark.parametrize("kind", sorted(set(Notice) - {Notice.REFERENCE_ONLY}))
def test_every_notice_is_a_sentence_in_both_languages(kind):
    vietnamese, english = in_both(lambda: words.notice(kind))

    assert vietnamese != english
    assert "notice." not in vietnamese + english


@pytest.mark.parametrize("given", table("legal_source") + table("note"))
def test_every_source_and_note_of_the_table_is_told_in_vietnamese(given):
    vietnamese, english = in_both(lambda: words.table_text(given))

    assert vietnamese != given
    assert english == given


@pytest.mark.parametrize("given", [c for c in table("confidence") if c != "high"])
def test_every_figure_that_is_not_sure_says_so_in_a_sentence(given):
    vietnamese, english = in_both(lambda: words.confidence(given))

    assert vietnamese != english
    assert given not in (vietnamese, english)
    assert vietnamese.endswith(".")


def test_a_sure_figure_is_told_without_reserve():
    assert words.confidence("high") == ""


def test_how_sure_an_office_calls_its_own_figure_is_told_as_it_says():
    with translation.override("vi"):
        assert words.confidence("đo tại chỗ") == "Độ tin cậy của trị số: đo tại chỗ."


def test_every_look_has_its_picture():
    drawn = ICONS.read_text(encoding="utf-8")
    looks = {*LOOK_OF_EFFECT.values(), *LOOK_OF_STATE.values(), *map(str, Answer)}

    assert set(LOOK_OF_EFFECT) == set(Effect)
    assert set(LOOK_OF_STATE) == set(ItemState)
    assert all(f'<symbol id="{look}"' in drawn for look in looks)
