"""Spellings of Vietnamese names that are to meet although they differ.

Two foldings, both pure and idempotent. `fold` is for people who type without diacritics;
`tone_fold` keeps the diacritics but not the place of the tone mark, because both schools of
placing it are in use (Hòa and Hoà, Thúy and Thuý) and official lists mix them.
"""

from __future__ import annotations

import re
import unicodedata

GRAVE, TILDE, ACUTE, HOOK, DOT_BELOW = "\u0300", "\u0303", "\u0301", "\u0309", "\u0323"
TONES = frozenset((GRAVE, TILDE, ACUTE, HOOK, DOT_BELOW))
# Breve, circumflex and horn make another letter (ă, â, ơ); they are not tones.
LETTER_MARKS = frozenset(("\u0306", "\u0302", "\u031b"))
VOWELS = frozenset("aeiouy")

# "H'Leo" is typed with any of these or with none.
_APOSTROPHES = re.compile("['`\u2018\u2019\u02bc\u02b9\u00b4]")
_NOT_LETTER_OR_DIGIT = re.compile(r"[\W_]+")
_SYLLABLE = re.compile(r"[^\W\d_][^\W\d_\u0300-\u036f]*(?:[\u0300-\u036f]+[^\W\d_]*)*")


def fold(text: str) -> str:
    """Return `text` in small Latin letters without diacritics, words parted by one space.

    Punctuation parts words, apostrophes vanish, compatibility forms (full-width digits) become
    plain ones.

    >>> fold("Phường  Hoà-Bình, Ea H'Leo")
    'phuong hoa binh ea hleo'
    """
    plain = _APOSTROPHES.sub("", text)
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", plain).casefold())
    plain = "".join(mark for mark in plain if not unicodedata.category(mark).startswith("M"))
    plain = _APOSTROPHES.sub("", plain).replace("đ", "d")
    return _NOT_LETTER_OR_DIGIT.sub(" ", plain).strip()


def tone_fold(text: str) -> str:
    """Return `text` in small letters, composed, each tone mark at its one place in the syllable.

    >>> tone_fold("Phường HOÀ Bình") == tone_fold("phường Hòa  Bình")
    True
    >>> tone_fold("Hoa") == tone_fold("Hòa")
    False
    """
    plain = _APOSTROPHES.sub("", text)
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", plain).casefold())
    plain = _SYLLABLE.sub(lambda found: _place_tone(found.group()), plain)
    plain = unicodedata.normalize("NFC", plain)
    words = re.split(r"(?:[^\w\u0300-\u036f]|_)+", _APOSTROPHES.sub("", plain))
    return " ".join(word for word in words if word)


def has_diacritics(text: str) -> bool:
    """Say whether the writer used Vietnamese letters, so that they may be held to them."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "đ" in decomposed or any(m in TONES or m in LETTER_MARKS for m in decomposed)


def _place_tone(syllable: str) -> str:
    """Move the tone mark of one decomposed syllable to where the older school puts it."""
    tones = [mark for mark in syllable if mark in TONES]
    if len(tones) != 1:
        return syllable
    letters: list[str] = []
    for mark in syllable:
        if mark in TONES:
            continue
        if unicodedata.combining(mark) and letters:
            letters[-1] += mark
        else:
            letters.append(mark)
    place = _tone_place(letters)
    if place is None:
        return syllable
    letters[place] += tones[0]
    return "".join(letters)


def _tone_place(letters: list[str]) -> int | None:
    """Return the index of the letter that carries the tone, or None if there is no vowel."""
    start = 0
    while start < len(letters) and letters[start][0] not in VOWELS:
        start += 1
    # "qu" and "gi" are consonants where another vowel follows: quý, già, but gì.
    onset = "".join(letters[: start + 1])
    follows = start + 1 < len(letters) and letters[start + 1][0] in VOWELS
    if onset in ("qu", "gi") and follows:
        start += 1
    end = start
    while end < len(letters) and letters[end][0] in VOWELS:
        end += 1
    if start == end:
        return None
    marked = [at for at in range(start, end) if len(letters[at]) > 1]
    if marked:
        return marked[-1]
    if end < len(letters):
        return end - 1
    return start if end - start <= 2 else start + 1
