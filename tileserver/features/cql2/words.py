"""The words of a CQL2 text: names, literals and signs, each with its place.

One pass from left to right with one regular expression that never goes back, so the time it takes
grows with the length of the text and with nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from landdata.errors import Invalid
from tileserver import limits

#: How much of a text a refusal repeats.
_MOST_SHOWN = 30


class Sort(Enum):
    """What a word is."""

    NAME = "name"
    TEXT = "text"
    NUMBER = "number"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Word:
    """A word; `text` is without the quotes, `at` counts characters from 1."""

    sort: Sort
    text: str
    at: int
    #: Whether a name stood in double quotes: then it is never a keyword.
    is_quoted: bool = False

    def says(self, *keywords: str) -> bool:
        """Whether it is one of these keywords (in capitals) or signs."""
        if self.sort is Sort.NAME:
            return not self.is_quoted and self.text.upper() in keywords
        return self.sort is Sort.SIGN and self.text in keywords


# Names are those of the grammar in annex B of the standard as far as Python's letters go; a number
# has no sign of its own, so that "a-1" cannot be misread.
_WORDS = re.compile(
    r"""\s*(?:
    (?P<name>[^\W\d][\w:.]*) |
    "(?P<quoted>[^"]*)" |
    '(?P<text>(?:[^']|'')*)' |
    (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?) |
    (?P<sign><>|<=|>=|[<>=(),+*/^\[\]-])
    )""",
    re.VERBOSE,
)
_SPACE = re.compile(r"\s*")


def words(text: str) -> list[Word]:
    """Return the words of a text, closed by one that stands for its end.

    Raises Invalid for a text that is too long or holds what is no word.
    """
    if len(text) > limits.LONGEST_FILTER:
        raise Invalid("cql2_too_long", most=limits.LONGEST_FILTER)
    found: list[Word] = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _WORDS.match(text, at)
        if match is None or match.end() == at:
            space = _SPACE.match(text, at)
            start = space.end() if space else at
            raise Invalid("cql2_no_word", at=start + 1, given=shown(text[start:]))
        kind = str(match.lastgroup)
        content, place = match[kind], match.start(kind) + 1
        if kind == "text":
            content = content.replace("''", "'")
        sort = Sort.NAME if kind == "quoted" else Sort(kind)
        found.append(Word(sort, content, place, is_quoted=kind == "quoted"))
        at = match.end()
    found.append(Word(Sort.END, "", len(text) + 1))
    return found


def shown(text: str) -> str:
    """Return as much of a text as a refusal repeats, without what no page can show."""
    return text[:_MOST_SHOWN].replace("\0", "␀")
