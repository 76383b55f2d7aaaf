"""Which letter sequences are Vietnamese syllables: the yardstick of the encoding detector.

A score, not a filter: names such as "Ea Wer" or "B'Lao" are real and fail.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_ONSETS: Final = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph r s t th tr v x"
_RIMES: Final = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên êng ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu y yêm yên yêng yêt yêu
    o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay
    oăc oăm oăn oăng oăt oe oen oeo oet ooc oong ô ôc ôi ôm ôn ông ôp ôt ôông
    ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt
    uân uâng uât uây uê uêch uênh uơ uy uya uych uynh uyn uyp uyt uyu uyên uyêt
    ư ưa ưc ưi ưm ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
"""
#: After "qu" the u belongs to the onset: quý, quốc, quyền.
_RIMES_AFTER_QU: Final = """
    a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt ân âng ât ây e en eo et ê ên ênh êch êt
    i y ynh ych yt yên yêt yp ơ ôc
"""
_SYLLABLES: Final = frozenset(
    {onset + rime for onset in ("", *_ONSETS.split()) for rime in _RIMES.split()}
    | {"qu" + rime for rime in _RIMES_AFTER_QU.split()}
)
_GRAVE, _TILDE, _ACUTE, _HOOK, _DOT = "\u0300", "\u0303", "\u0301", "\u0309", "\u0323"
_TONES: Final = frozenset((_GRAVE, _TILDE, _ACUTE, _HOOK, _DOT))
_STOPS: Final = ("c", "ch", "p", "t")
#: A word for the score: what stands between blanks, digits and ASCII punctuation.
_WORD: Final = re.compile(r"[^\s\x00-@\[-`{-\x7f]+")


@lru_cache(maxsize=100_000)
def is_syllable(word: str) -> bool:
    """Say whether a word has the shape of one Vietnamese syllable with its tone.

    >>> is_syllable("Nghĩa"), is_syllable("Phöôøng"), is_syllable("các"), is_syllable("càc")
    (True, False, True, False)
    """
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in decomposed if mark in _TONES]
    if len(tones) > 1:
        return False
    plain = unicodedata.normalize("NFC", "".join(m for m in decomposed if m not in _TONES))
    if plain not in _SYLLABLES:
        return False
    # A syllable that ends in a stop has the acute or the dot below, no other tone.
    return not plain.endswith(_STOPS) or (bool(tones) and tones[0] in (_ACUTE, _DOT))


def words(text: str) -> list[str]:
    """Return the words that the score looks at."""
    return _WORD.findall(text)


def is_stray(word: str) -> bool:
    """Say whether a word holds a sign that no Vietnamese word holds: © ¬ « × or a replacement."""
    return any(not letter.isalpha() for letter in word)
