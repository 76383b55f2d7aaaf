"""Reading sheet and parcel numbers out of free text: "tờ 12 thửa 45 phường Ba Đình"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from landdata.search.fold import fold
from landdata.search.understood import ParcelReference

#: What registers write instead of a number; landdata.models has the same word, and Django.
UNDETERMINED = "KXD"
SCALES = frozenset((200, 500, 1000, 2000, 5000, 10000))

# Folded spellings, longest first where one begins with another.
_SHEET = tuple(
    words.split()
    for words in [
        "so hieu to ban do",
        "so thu tu to ban do",
        "so to ban do",
        "to ban do so",
        "to ban do",
        "to bd so",
        "to bd",
        "ban do so",
        "ban do",
        "so hieu to",
        "so to",
        "to so",
        "to",
        "tbd so",
        "tbd",
        "map sheet",
        "sheet number",
        "sheet no",
        "sheet",
    ]
)
_PARCEL = tuple(
    words.split()
    for words in [
        "so thu tu thua dat",
        "so thu tu thua",
        "so hieu thua dat",
        "so hieu thua",
        "so thua dat",
        "so thua",
        "thua dat so",
        "thua dat",
        "thua so",
        "thua",
        "parcel number",
        "parcel no",
        "parcel",
        "plot number",
        "plot no",
        "plot",
    ]
)
_SCALE = tuple(
    words.split() for words in ["ty le ban do", "ti le ban do", "ty le", "ti le", "tl", "scale"]
)
_FILLERS = frozenset(("so", "no", "number", "la", "is"))
# "thửa cũ số 12", "old sheet 5": the numbers of before; "mới" says what is usual. Spelled out,
# because "cú" and "cử" say nothing of the kind.
_OLD = frozenset(("cũ", "cu", "old", "former"))
_NEW = frozenset(("mới", "moi", "new", "hiện", "hien", "nay"))
# "Tổ 12" is a neighbourhood group and "Tô" a family name; only these mean a map sheet.
_SPELLINGS = {
    "to": frozenset(("to", "tờ", "tơ", "tò")),
    "thua": frozenset(("thua", "thửa", "thữa", "thừa", "thưa")),
}
# "t5 th12", "th. 12 t. 5": only together, since one letter is little.
_SHORT_SHEET = re.compile(r"\bt\s*\.?\s*(?=\d)", re.IGNORECASE)
_SHORT_PARCEL = re.compile(r"\bth\s*\.?\s*(?=\d)", re.IGNORECASE)
# "t12/5" is written for tờ and for thửa.
_SHORT_PAIR = re.compile(r"^\s*t\s*\.?\s*(?=\d+[a-z]?\s*/\s*\d)", re.IGNORECASE)
# Written together with a digit: "tờ12thửa45", "tbđ12".
_GLUED = (
    re.compile(r"(?<=\d)(?=(?:t[oờ]|th[uử]a|tb[dđ])(?:\d|\W|$))", re.IGNORECASE),
    re.compile(r"\b(?:t[oờ]|th[uử]a|tb[dđ])(?=\d)", re.IGNORECASE),
)
_NUMBER = r"(?:\d+[a-zđ]{0,2}|[a-zđ]{1,4}-?\d+[a-z]?)"
_MORE = r"(?:[-.](?:\d+[a-z]{0,2}|[ivx]{1,4}|[a-z]|\([\w-]{1,12}\))(?!\w))*"
_UNDETERMINED = r"k\.?x\.?[dđ]\.?"
_UNDETERMINED_WORDS = re.compile(
    r"(?<!\w)(?:ch[uư]a\s+x[aá]c\s+[dđ][iị]nh|kh[oô]ng\s+x[aá]c\s+[dđ][iị]nh|undetermined)(?!\w)",
    re.IGNORECASE,
)
_LONE_UNDETERMINED = re.compile(rf"(?<![\w/]){_UNDETERMINED}(?![\w/])", re.IGNORECASE)
_VALUE = re.compile(rf"(?:{_UNDETERMINED}|{_NUMBER}{_MORE})(?!\w)", re.IGNORECASE)
_OLD_BEHIND = re.compile(r"\s*\(?\s*(?:cũ|cu|old)(?!\w)\s*\)?", re.IGNORECASE)
_SPLIT_VALUE = re.compile(r"/\d+[a-z]?(?![\w/])", re.IGNORECASE)
_SCALE_VALUE = re.compile(r"(?:1\s*[/:]\s*)?(\d{3,5})(?![\w.])")
_LONE_SCALE = re.compile(r"(?<![\w/])1\s*[/:]\s*(\d{3,5})(?![\w.])")
_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"[\s:=.,;#(\-/]*")
_PAIR_FIRST = re.compile(
    rf"\s*(?:({_NUMBER})\s*[/-]\s*({_NUMBER}|{_UNDETERMINED})|(\d+[a-z]?)[\s,;]\s*(\d+[a-z]?))(?![\w/.])",
    re.IGNORECASE,
)
_PAIR_LAST = re.compile(
    rf"(?<![\w/.])({_NUMBER})\s*/\s*({_NUMBER}|{_UNDETERMINED})\s*$", re.IGNORECASE
)
# Beside one of these words a pair is a house number in an alley.
_STREET_WORDS = frozenset(["ngo", "ngach", "hem", "kiet", "pho", "duong", "nha"])
_EDGE_SPELLINGS = frozenset(("o", "ở", "tai", "tại", "thuoc", "thuộc", "in", "of", "at", "the"))
_EDGES = " \t\n,;:.()[]{}|/\\-–=#\"'"


@dataclass(slots=True)
class _Found:
    sheet: str | None = None
    number: str | None = None
    scale: int | None = None
    is_old: bool = False


def read_reference(text: str) -> ParcelReference | None:
    """Return the plot that `text` names by sheet and parcel number, or None.

    Keywords may stand in any order, with or without diacritics, in Vietnamese or English; a bare
    pair "12/45" is sheet and parcel. What is left over is the place.
    """
    plain = unicodedata.normalize("NFC", text)
    plain = _UNDETERMINED_WORDS.sub(UNDETERMINED, plain)
    if _SHORT_SHEET.search(plain) and _SHORT_PARCEL.search(plain):
        plain = _SHORT_PARCEL.sub("thửa ", _SHORT_SHEET.sub("tờ ", plain))
    plain = _GLUED[0].sub(" ", plain)
    plain = _GLUED[1].sub(r"\g<0> ", plain)
    found, rest = _read_keywords(plain)
    if found.number is None and (lone := _LONE_UNDETERMINED.search(rest)):
        found.number = UNDETERMINED
        rest = rest[: lone.start()] + " , " + rest[lone.end() :]
    if found.sheet is None and found.number is None:
        return _read_bare_pair(_SHORT_PAIR.sub("", plain))
    if found.scale is None and (scale := _LONE_SCALE.search(rest)) and int(scale[1]) in SCALES:
        found.scale = int(scale[1])
        rest = rest[: scale.start()] + " , " + rest[scale.end() :]
    place, is_old = _without_old(tidy_place(rest))
    return ParcelReference(
        found.sheet, found.number, found.scale, place, is_old=is_old or found.is_old
    )


def _without_old(place: str) -> tuple[str, bool]:
    """Take "cũ" off that stands alone: behind a name it belongs to the name."""
    is_old = place.casefold().strip("()") in _OLD
    return ("" if is_old else place), is_old


def tidy_place(text: str) -> str:
    """Return what is left of a text as a place: no loose punctuation, no "ở", "tại", "in"."""
    pieces = [piece.strip(_EDGES) for piece in re.split(r"[,;\n]", text)]
    words = " ".join(piece for piece in pieces if piece).split()
    while words and words[0].casefold() in _EDGE_SPELLINGS:
        words.pop(0)
    return " ".join(words).strip(_EDGES)


def _read_keywords(text: str) -> tuple[_Found, str]:
    """Take every keyword with its value out of the text."""
    found, rest, kept = _Found(), "", 0
    words = list(_WORD.finditer(text))
    at = 0
    while at < len(words):
        taken = _read_at(text, words, at, found)
        if taken is None:
            at += 1
            continue
        rest += text[kept : words[at].start()] + " , "
        kept = taken
        while at < len(words) and words[at].start() < taken:
            at += 1
    return found, rest + text[kept:]


def _read_at(text: str, words: list[re.Match[str]], at: int, found: _Found) -> int | None:
    """Read a keyword that starts at word `at`; return where its value ends, or None."""
    for phrases, field in ((_SHEET, "sheet"), (_PARCEL, "number"), (_SCALE, "scale")):
        for phrase in phrases:
            if getattr(found, field) is not None or not _stands_at(phrase, words, at):
                continue
            end, is_old = _skip_fillers(text, words, at + len(phrase))
            if field == "scale":
                scale = _SCALE_VALUE.match(text, end)
                if scale and int(scale[1]) in SCALES:
                    found.scale = int(scale[1])
                    return scale.end()
                continue
            value = _VALUE.match(text, end)
            if value is None:
                continue
            stop = value.end()
            if split := _SPLIT_VALUE.match(text, stop):
                stop = _take_slash(found, field, value.group(), split, rest=text[split.end() :])
            else:
                setattr(found, field, _plain_number(value.group()))
            # "thửa 12 cũ", but "cũ" behind a name is the name's.
            if behind := _OLD_BEHIND.match(text, stop):
                is_old, stop = True, behind.end()
            found.is_old = found.is_old or is_old
            return stop
    return None


def _take_slash(found: _Found, field: str, value: str, split: re.Match[str], *, rest: str) -> int:
    """Read "tờ 12/45" as sheet and parcel, but "thửa 45/1" as one parcel number."""
    if field == "sheet" and found.number is None and not _has_parcel_word(rest):
        found.sheet, found.number = _plain_number(value), _plain_number(split.group()[1:])
    elif field == "number":
        found.number = _plain_number(value + split.group())
    else:
        setattr(found, field, _plain_number(value))
        return split.start()
    return split.end()


def _has_parcel_word(text: str) -> bool:
    words = list(_WORD.finditer(text))
    return any(_stands_at(phrase, words, at) for at in range(len(words)) for phrase in _PARCEL)


def _stands_at(phrase: list[str], words: list[re.Match[str]], at: int) -> bool:
    if at + len(phrase) > len(words):
        return False
    for wanted, word in zip(phrase, words[at : at + len(phrase)], strict=True):
        spelled = word.group().casefold()
        if fold(spelled) != wanted:
            return False
        if wanted in _SPELLINGS and spelled not in _SPELLINGS[wanted]:
            return False
    return True


def _skip_fillers(text: str, words: list[re.Match[str]], at: int) -> tuple[int, bool]:
    """Return where the value after word `at` - 1 begins, and whether the old one is meant.

    Past "số", "cũ", "mới", colons and brackets.
    """
    end, is_old = words[at - 1].end(), False
    while at < len(words):
        spelled = words[at].group().casefold()
        if fold(spelled) not in _FILLERS and spelled not in _OLD | _NEW:
            break
        is_old = is_old or spelled in _OLD
        end = words[at].end()
        at += 1
    gap = _GAP.match(text, end)
    return (gap.end() if gap else end), is_old


def _read_bare_pair(text: str) -> ParcelReference | None:
    pair = _PAIR_FIRST.match(text)
    rest = text[pair.end() :] if pair else ""
    if pair is None:
        pair = _PAIR_LAST.search(text)
        rest = text[: pair.start()] if pair else ""
    words = fold(rest).split()
    if pair is None or _STREET_WORDS & {*words[:1], *words[-1:]}:
        return None
    sheet, number = (_plain_number(part) for part in pair.groups() if part is not None)
    behind = _OLD_BEHIND.match(rest)
    place, is_old = _without_old(tidy_place(rest[behind.end() :] if behind else rest))
    is_old = is_old or behind is not None
    # Nobody calls a sheet undetermined.
    return ParcelReference(
        sheet, number, None, place, is_either_order=number != UNDETERMINED, is_old=is_old
    )


def _plain_number(value: str) -> str:
    """Return a number as it is typed, but KXD for every spelling of "undetermined"."""
    return UNDETERMINED if re.fullmatch(_UNDETERMINED, value, re.IGNORECASE) else value
