"""From free spelling to one meaning. Pure; it never raises for text of permitted length."""

from __future__ import annotations

import re
import unicodedata

from landdata.errors import Invalid
from landdata.search.coordinates import read_coordinate
from landdata.search.fold import fold
from landdata.search.reference import read_reference, tidy_place
from landdata.search.understood import NationalId, Understood, Words

#: Longest question that is read, in characters.
LONGEST_QUERY = 200

# GeoHash knows no a, i, l, o. All of Viet Nam lies in the cell "w"; a register's identifier may
# be wrong in that too, so a mixture of letters and digits is taken as well.
_GEOHASH = re.compile(r"[0-9b-hjkmnp-z]{12}")
_LABEL = re.compile(
    r"^(?:m[aã](?:\s+s[oố])?(?:\s+[dđ][iị]nh\s+danh)?(?:\s+(?:th[uử]a(?:\s+[dđ][aấ]t)?|qu[oố]c\s+gia))*"
    r"|national\s+(?:parcel\s+)?(?:id(?:entifier)?|code))\s*(?:l[aà]\b)?[\s:=#]*",
    re.IGNORECASE,
)
_UNIT_WORDS = frozenset(
    [
        "phuong",
        "p",
        "xa",
        "x",
        "tt",
        "thi",
        "dac",
        "dk",
        "quan",
        "q",
        "huyen",
        "h",
        "tx",
        "tp",
        "thanh",
        "tinh",
        "ward",
        "commune",
        "district",
        "province",
        "city",
    ]
)


def understand(query: str) -> Understood:
    """Return what `query` asks for.

    Raises Invalid when it is empty or longer than LONGEST_QUERY.

    >>> understand("to 12 thua 45 ba dinh")
    ParcelReference(sheet='12', number='45', scale=None, place='ba dinh')
    """
    if len(query) > LONGEST_QUERY:
        raise Invalid("query_too_long", longest=LONGEST_QUERY, length=len(query))
    text = query.strip()
    if not fold(text):
        raise Invalid("query_empty")
    if national_id := _read_national_id(text):
        return national_id
    if coordinate := read_coordinate(text):
        return coordinate
    if reference := read_reference(text):
        return reference
    place = tidy_place(text) or text
    words = fold(place).split()
    is_unit_like = bool(words) and (words[0] in _UNIT_WORDS or not any(c.isdigit() for c in place))
    return Words(place, is_unit_like)


def _read_national_id(text: str) -> NationalId | None:
    text = _LABEL.sub("", unicodedata.normalize("NFC", text))
    plain = re.sub(r"[\s.-]", "", text).casefold()
    if not _GEOHASH.fullmatch(plain):
        return None
    has_both = any(c.isdigit() for c in plain) and any(c.isalpha() for c in plain)
    is_one_word = len(text.split()) == 1
    return NationalId(plain) if has_both and (is_one_word or plain[0] == "w") else None
