"""Going through the words of a text, one by one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from landdata.errors import Invalid
from tileserver import limits
from tileserver.features.cql2.words import Sort, Word, shown, words

if TYPE_CHECKING:
    from collections.abc import Iterator


class Reading:
    """A place in a text.

    Public: `word` (the one at hand), `take`, `takes`, `expect`, `number`, `deeper`, `unexpected`.
    """

    def __init__(self, text: str) -> None:
        self._words = words(text)
        self._at = 0
        self._depth = 0

    @property
    def word(self) -> Word:
        """The word at hand."""
        return self._words[self._at]

    @property
    def following(self) -> Word:
        """The word after it."""
        return self._words[min(self._at + 1, len(self._words) - 1)]

    def take(self) -> Word:
        """Return the word at hand and go on."""
        word = self.word
        if word.sort is not Sort.END:
            self._at += 1
        return word

    def takes(self, *keywords: str) -> bool:
        """Go on if the word at hand is one of these, and say so."""
        if self.word.says(*keywords):
            self._at += 1
            return True
        return False

    def expect(self, *keywords: str) -> Word:
        """Return the word at hand, which has to be one of these. Raises Invalid."""
        if not self.word.says(*keywords):
            raise self.unexpected()
        return self.take()

    def number(self) -> float:
        """Return a number with its sign. Raises Invalid."""
        sign = -1.0 if self.word.says("-") else 1.0
        if self.word.says("-", "+"):
            self.take()
        if self.word.sort is not Sort.NUMBER:
            raise self.unexpected()
        return sign * float(self.take().text)

    def unexpected(self) -> Invalid:
        """Return the refusal of the word at hand."""
        if self.word.sort is Sort.END:
            return Invalid("cql2_unfinished")
        return Invalid("cql2_unexpected", given=shown(self.word.text), at=self.word.at)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Count one level of brackets or of NOT. Raises Invalid for one too many."""
        self._depth += 1
        if self._depth > limits.DEEPEST_FILTER:
            raise Invalid(
                "feature_filter_too_large",
                depth=limits.DEEPEST_FILTER,
                conditions=limits.MOST_CONDITIONS,
            )
        yield
        self._depth -= 1
