"""What a column of a layer may say, and the reading of all its rows at once.

A value that cannot be read is marked, never guessed; what that means for the row is decided where
the layer is checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

#: Two digits of exponent: more is no measure of anything in a city.
_NUMBER: Final = r"^-?\d{1,18}(\.\d{1,18})?([eE][+-]?\d{1,2})?$"
_DAY: Final = r"^\d{4}-\d{2}-\d{2}([T ].*)?$"
_YES: Final = ("1", "true", "t", "yes")
_NO: Final = ("0", "false", "f", "no")
#: Neither PostgreSQL nor a page takes these.
_CONTROL: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"


class Kind(Protocol):
    """Reads trimmed texts, null where nothing is said."""

    def read(self, said: pa.Array) -> tuple[pa.Array, NDArray[np.bool_]]:
        """Return the values, and where a text is not one of these."""


@dataclass(frozen=True)
class Text:
    """Free text of at most `most` characters; nothing said is an empty text."""

    most: int

    def read(self, said: pa.Array) -> tuple[pa.Array, NDArray[np.bool_]]:
        """Return the texts; one that is too long is refused, not cut."""
        values = said.fill_null("")
        broken = pc.match_substring_regex(values, _CONTROL)
        return values, _truth(pc.or_(pc.greater(pc.utf8_length(values), self.most), broken))


@dataclass(frozen=True)
class Word:
    """One of a vocabulary; where "" belongs to it, nothing need be said."""

    vocabulary: Collection[str]

    def read(self, said: pa.Array) -> tuple[pa.Array, NDArray[np.bool_]]:
        """Return the words."""
        values = said.fill_null("")
        known = pc.is_in(values, value_set=pa.array(sorted(self.vocabulary), pa.string()))
        return values, ~_truth(known)


@dataclass(frozen=True)
class Words:
    """Any number of words of a vocabulary, parted by blanks; nothing said is an empty text.

    They are held in the order of the alphabet, each once: the same words are the same value.
    """

    vocabulary: Collection[str]

    def read(self, said: pa.Array) -> tuple[pa.Array, NDArray[np.bool_]]:
        """Return the words of each row."""
        texts = said.fill_null("").to_pylist()
        read = {text: sorted(set(text.split())) for text in set(texts)}
        bad = {text: not set(words) <= set(self.vocabulary) for text, words in read.items()}
        values = pa.array([" ".join(read[text]) for text in texts], pa.string())
        return values, np.array([bad[text] for text in texts], dtype=bool)


@dataclass(frozen=True)
class Number:
    """A measure between two bounds, both included; nothing said is null."""

    least: float
    most: float
    whole: bool = False

    def read(self, said: pa.Array) -> tuple[pa.Array, NDArray[np.bool_]]:
        """Return the numbers; those beyond the bounds are marked like those that are none."""
        readable = pc.match_substring_regex(said, _NUMBER).fill_null(False)
        values = pc.cast(pc.if_else(readable, said, None), pa.float64())
        found = np.asarray(values.fill_null(0.0))
        bad = (_truth(pc.is_valid(said)) & ~_truth(readable)) | (
            _truth(readable) & ((found < self.least) | (found > self.most))
        )
        if self.whole:
            bad |= found != np.floor(found)
            values = pc.cast(pc.if_else(pa.array(~bad), values, None), pa.int64())
        return values, bad


@dataclass(frozen=True)
class Truth:
    """Yes or no; nothing said is null."""

    def read(self, said: pa.Array) -> tuple[pa.Array, NDArray[np.bool_]]:
        """Return the truth values."""
        lower = pc.utf8_lower(said)
        yes, no = (pc.is_in(lower, value_set=pa.array(words)) for words in (_YES, _NO))
        known = pc.or_(yes, no)
        return pc.if_else(known, yes, None), _truth(pc.is_valid(said)) & ~_truth(known)


@dataclass(frozen=True)
class Day:
    """A day in ISO form, with or without a time behind it; nothing said is null."""

    def read(self, said: pa.Array) -> tuple[pa.Array, NDArray[np.bool_]]:
        """Return the days; 31 February is none."""
        shaped = pc.match_substring_regex(said, _DAY).fill_null(False)
        days = pc.utf8_slice_codeunits(pc.if_else(shaped, said, None), 0, 10)
        values = pc.strptime(days, format="%Y-%m-%d", unit="s", error_is_null=True)
        # strptime rolls 31 February over to March: what does not come back was no day.
        same = pc.equal(pc.strftime(values, format="%Y-%m-%d"), days).fill_null(False)
        values = pc.cast(pc.if_else(same, values, None), pa.date32())
        return values, _truth(pc.is_valid(said)) & ~_truth(same)


@dataclass(frozen=True)
class Column:
    """A column of the sender and the one of ours that it fills.

    `needed` columns must be in the file and say something in every row. Free text is never quoted
    in a report; `quoted` says that this one may be.
    """

    name: str
    kind: Kind
    ours: str = ""
    needed: bool = False
    quoted: bool = True

    @property
    def target(self) -> str:
        """Name of our column."""
        return self.ours or self.name


def said(values: Any) -> pa.Array:
    """Return a column of texts, trimmed, null where nothing is said."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    trimmed = pc.utf8_trim_whitespace(values)
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


def _truth(values: Any) -> NDArray[np.bool_]:
    return np.asarray(pc.fill_null(values, False), bool)
