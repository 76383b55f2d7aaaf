"""Licences by the words in which data sets name them.

Addresses are those of the licences' own texts. A text that is none of these is passed on as it
stands: a licence is never guessed.
"""

from __future__ import annotations

import re

#: Begins of a licence's name, and the address of its text.
_KNOWN: tuple[tuple[str, str], ...] = (
    (r"odbl\b", "https://opendatacommons.org/licenses/odbl/1-0/"),
    (r"cc0\b", "https://creativecommons.org/publicdomain/zero/1.0/"),
    (r"cc[ -]by[ -]sa[ -]4\.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    (r"cc[ -]by[ -]4\.0", "https://creativecommons.org/licenses/by/4.0/"),
    (r"mit\b", "https://opensource.org/license/mit"),
)


def licence_address(words: str) -> str | None:
    """Return the address of a licence's text, or None for words that name none we know.

    >>> licence_address("ODbL 1.0 (© OpenStreetMap contributors)")
    'https://opendatacommons.org/licenses/odbl/1-0/'
    >>> licence_address("theo thoả thuận") is None
    True
    """
    given = words.strip().casefold()
    return next((address for begin, address in _KNOWN if re.match(begin, given)), None)
