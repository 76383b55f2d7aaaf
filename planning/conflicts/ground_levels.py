"""Reading the ground level ("cốt nền") that a plan states in the note of a zone.

Strict, so that no other number is taken for it: the words "cốt" or "cao độ", then "nền" or
"san nền", perhaps "xây dựng", "thiết kế", "khống chế" or "tối thiểu", perhaps ":" or "=" or "≥" or
"+", then a number with at most two decimals, and "m". Of several levels the lowest one holds for
the whole zone only if they are the same; otherwise nobody can say which part is meant.
"""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = r"(?:cốt|cos|cao\s+độ)\s+(?:san\s+)?nền"
_NAMED: Final = re.compile(_WORDS, re.IGNORECASE)
_LEVEL: Final = re.compile(
    _WORDS + r"(?:\s+(?:xây\s+dựng|thiết\s+kế|khống\s+chế|tối\s+thiểu))*"
    r"\s*(?:[:=]|>=|≥)?\s*\+?\s*(\d{1,3}(?:[.,]\d{1,2})?)\s*m(?![\w²2])",
    re.IGNORECASE,
)


class UnreadableLevel(ValueError):
    """A note that speaks of a ground level that cannot be read, or of several."""


def read_ground_level(note: str) -> float | None:
    """Return the level in metres above the sea, None where the note speaks of none.

    Raises UnreadableLevel where it speaks of one that cannot be read.

    >>> read_ground_level("Cốt nền 6,50 m"), read_ground_level("Cao 6,50 m")
    (6.5, None)
    """
    levels = {float(level.replace(",", ".")) for level in _LEVEL.findall(note)}
    if len(levels) == 1 and len(_LEVEL.findall(note)) == len(_NAMED.findall(note)):
        return levels.pop()
    if levels or _NAMED.search(note):
        raise UnreadableLevel(note)
    return None
