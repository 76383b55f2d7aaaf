"""Give back the capitals that TCVN3 fonts could not write.

The .Vn fonts have no toned capitals: "TRẦN VĂN ĐƯỢC" was typed with small letters under an …H font
and comes back as "TRầN VĂN ĐƯợC". Nobody writes a small toned letter among capitals on purpose, so
there the capital is certain. "ánh" for "Ánh" at the start of a word is not certain and stays.
"""

from __future__ import annotations

import re
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from importers.encodings import tables

_SMALL: Final = "".join(
    sorted(set("".join(tables.tcvn3_fonts().values()).lower()) - set("ăâêôơưđ"))
)
_BIG: Final = "A-ZĂÂÊÔƠƯĐ"
_TYPED_AS_CAPITALS: Final = re.compile(rf"\b[{_SMALL}]*[{_BIG}][{_BIG}{_SMALL}]*\b")
#: Two capitals and a toned small letter side by side; a word without that cannot be certain, and
#: Arrow looks through a whole column for it at once.
_MAYBE_CAPITALS: Final = (
    f"[{_BIG}][{_SMALL}]+[{_BIG}]|[{_BIG}][{_BIG}][{_SMALL}]|[{_SMALL}][{_BIG}][{_BIG}]"
)
_SURELY_SMALL: Final = re.compile("[a-zăâêôơưđ]")


def restore_capitals(text: str) -> str:
    """Return text with toned capitals where its neighbours prove them.

    >>> restore_capitals("ĐấT ở TạI ĐÔ THị"), restore_capitals("Trần Văn ánh")
    ('ĐẤT Ở TẠI ĐÔ THỊ', 'Trần Văn ánh')
    """
    restored = _TYPED_AS_CAPITALS.sub(_upper_if_certain, text)
    # One certain word and no letter that is surely small: the whole value was typed so.
    if restored != text and not _SURELY_SMALL.search(text):
        return text.upper()
    return restored


def restore_column(column: Any) -> tuple[Any, int]:
    """Return a text column with its capitals restored, and in how many values."""
    maybe = pc.match_substring_regex(column, _MAYBE_CAPITALS).fill_null(False)
    before = column.filter(maybe)
    after = pa.array([restore_capitals(text) for text in before.to_pylist()], pa.string())
    restored = int(pc.sum(pc.not_equal(after, before)).as_py() or 0)
    return pc.replace_with_mask(column, maybe, after), restored


def _upper_if_certain(found: re.Match[str]) -> str:
    word = found.group()
    capitals = sum(letter.isupper() for letter in word)
    # "Hà" is a name as it should be; "HàN" or "TRầN" can only be capitals.
    return word.upper() if capitals >= 2 else word
