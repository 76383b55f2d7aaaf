"""Every word that a corridor says has a sentence in both languages."""

from __future__ import annotations

import pytest
from django.utils.translation import gettext, override

from planning.corridors.words import DOUBTFUL_ATTRIBUTES, Doubt, Effect, Restriction

CODES = [
    *(f"doubt.{doubt}" for doubt in Doubt),
    *(f"doubt.{attribute}_unknown" for attribute in DOUBTFUL_ATTRIBUTES),
    *(f"effect.{effect}" for effect in Effect),
    *(f"restricts.{word}" for word in Restriction),
]


@pytest.mark.parametrize("code", CODES)
def test_a_word_of_the_engine_has_a_sentence(code):
    with override("vi"):
        vietnamese = gettext(code)
    with override("en"):
        english = gettext(code)

    assert code not in (vietnamese, english)
    assert vietnamese != english
