"""Coordinates as people write them: pure reading of one text into one pair.

Degrees and metres of Viet Nam do not overlap (lat 6 to 24, lon 102 to 118; north 900 to 2,700 km,
east 100 to 900 km and in far zones beyond), so the order in which the two numbers stand hardly
ever has to be asked for. Certificates print X = north and Y = east, GPS receivers lat before lon,
maps east before north.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from itertools import product

from landdata.search.fold import fold
from landdata.search.systems import read_systems
from landdata.search.understood import Elsewhere, Geographic, Projected

LATITUDES = (6.0, 24.0)
LONGITUDES = (102.0, 118.0)
#: From the coast of the south in zone 111° to the eastern mainland in zone 102°.
EASTS_M = (-600_000.0, 1_400_000.0)
NORTHS_M = (900_000.0, 2_700_000.0)

_LABELS = frozenset(
    [
        "x",
        "y",
        "e",
        "n",
        "b",
        "d",
        "m",
        "lat",
        "lon",
        "long",
        "lng",
        "latitude",
        "longitude",
        "vi",
        "kinh",
        "do",
        "dong",
        "bac",
        "toa",
        "diem",
        "point",
        "vn",
        "wgs",
        "gps",
        "east",
        "north",
        "phut",
        "giay",
        "he",
    ]
)
_SYSTEM_NAMES = re.compile(r"vn[\s_-]?2000|wgs[\s_-]?84|epsg\s*:?\s*4326")
_VN2000_DEGREES = re.compile(r"\bvn[\s_-]?2000\b|\bepsg\s*:?\s*4756\b")
_DEGREE_WORDS = (
    (re.compile("º|˚|\\bđộ\\b|\\bdeg\\b"), "°"),
    (re.compile("[′’‘`´]|\\bphút\\b"), "'"),
    (re.compile("''|[″”“]|\\bgiây\\b"), '"'),
)
_DEGREES = re.compile(
    r"(?P<degrees>\d{1,3})\s*°\s*(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*'"
    r"(?:\s*(?P<seconds>\d{1,2}(?:[.,]\d+)?)(?![\d°])\s*\"?)?"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_ONLY_NUMBERS = re.compile(r"[\d\s.,;/+\-]*")
_SPLITS = (r"\s*[;/]\s*", r",\s+", r"\s+", r"\s*,\s*")
# 21,0285,105,8542: decimal commas and a comma between.
_FOUR_COMMA_PARTS = re.compile(r"(\d+),(\d+),(\d+),(\d+)")
# 2 325 010,12: blanks between thousands.
_BLANKS = r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?"
_BLANKS_BETWEEN = re.compile(rf"({_BLANKS})\s*[;,]?\s+({_BLANKS})")
# 21d01m42s.
_LATIN_SIGNS = re.compile(r"(\d)d(\d{1,2})m(?:(\d{1,2}(?:[.,]\d+)?)s)?(?![a-z])")
# Links of maps: "geo:21.0285,105.8542", "…/@21.0285,105.8542,17z", "#map=17/21.0285/105.8542".
_LINK = re.compile(r"(?:geo:|https?://)")
_IN_LINK = re.compile(r"(-?\d{1,3}\.\d+)\s*(?:,|/|%2c)\s*(-?\d{1,3}\.\d+)")
# UTM zones that people put before the easting: 48 603000 or 48603000.
_ZONE_PREFIX = re.compile(r"(?<![\d.,])(4[89])[\s-]*(?=\d{6}(?:[.,]\d+)?(?![\d]))")


def read_coordinate(text: str) -> Geographic | Projected | Elsewhere | None:
    """Return the pair that `text` is, or None if it is something else.

    Two whole numbers that could be degrees are not taken for them: "21/105" is a sheet and a
    parcel. Decimal commas, thousands points, degree signs, axis letters of both languages, a
    zone number before the easting are all read.
    """
    plain = unicodedata.normalize("NFC", text).casefold()
    if _LINK.match(plain):
        pair = _IN_LINK.search(plain)
        return _place(float(pair[1]), float(pair[2]), may_be_degrees=True) if pair else None
    epsgs, unnamed = read_systems(plain)
    found = _read_plain(unnamed) if epsgs is not None else None
    if isinstance(found, Projected):
        return replace(found, epsgs=epsgs)
    found = _read_plain(re.sub(r"\bepsg\s*:?\s*4756\b", " ", plain))
    if isinstance(found, Geographic) and _VN2000_DEGREES.search(plain):
        return replace(found, is_vn2000=True)
    return found


def _read_plain(plain: str) -> Geographic | Projected | Elsewhere | None:
    """Read a text in small letters that names no grid."""
    plain = _LATIN_SIGNS.sub(lambda angle: f"{angle[1]}°{angle[2]}'{angle[3] or 0}\"", plain)
    plain = _SYSTEM_NAMES.sub(" ", plain)
    for words, sign in _DEGREE_WORDS:
        plain = words.sub(sign, plain)
    has_sign = "°" in plain or bool({"lat", "vi"} & set(fold(plain).split()))
    plain, is_sound = _without_minutes(plain)
    if not is_sound or not all(fold(word) in _LABELS for word in _LETTERS.findall(plain)):
        return None
    plain = _LETTERS.sub(" ", plain)
    plain = re.sub(r"[°=:()\[\]{}|'\"]", " ", plain)
    plain = re.sub(r"\s+", " ", plain).strip(" ,;/")
    if not re.search(r"\d", plain) or not _ONLY_NUMBERS.fullmatch(plain):
        return None
    if commas := _FOUR_COMMA_PARTS.fullmatch(plain):
        plain = "{}.{} {}.{}".format(*commas.groups())
    if blanks := _BLANKS_BETWEEN.fullmatch(plain):
        pair = " ".join(part.replace(" ", "") for part in blanks.groups())
        if isinstance(found := _read_pair(pair, has_sign), Projected):
            return found
    return _read_pair(plain, has_sign) or _read_sexagesimal(plain)


def _without_minutes(text: str) -> tuple[str, bool]:
    """Turn 105°51'15" into decimal degrees; false when there are 60 or more minutes."""
    is_sound = True

    def to_decimal(found: re.Match[str]) -> str:
        nonlocal is_sound
        minutes = float(found["minutes"].replace(",", "."))
        seconds = float((found["seconds"] or "0").replace(",", "."))
        is_sound = is_sound and minutes < 60 and seconds < 60
        # A space before and after: the next angle may follow without one.
        return f" {int(found['degrees']) + minutes / 60 + seconds / 3600:.12f}° "

    return _DEGREES.sub(to_decimal, text), is_sound


def _read_pair(plain: str, has_sign: bool) -> Geographic | Projected | Elsewhere | None:
    elsewhere: Elsewhere | None = None
    for split in _SPLITS:
        for spelled in (plain, _ZONE_PREFIX.sub("", plain)):
            parts = [part for part in re.split(split, spelled) if part.strip(" ,;/")]
            if len(parts) != 2:
                continue
            parts = [part.strip(" ,;/") for part in parts]
            for first, second in product(_numbers(parts[0]), _numbers(parts[1])):
                is_fraction = has_sign or not (first.is_integer() and second.is_integer())
                found = _place(first, second, may_be_degrees=is_fraction)
                if found is not None:
                    return found
                if elsewhere is None and all(re.search(r"\d[.,]\d", part) for part in parts):
                    elsewhere = Elsewhere(first, second)
    return elsewhere


def _numbers(spelled: str) -> list[float]:
    """Return what one spelling can stand for: 587.654 is a decimal or has a thousands point."""
    sign = -1.0 if spelled.startswith("-") else 1.0
    digits = spelled.lstrip("+-").replace(" ", "")
    if not re.fullmatch(r"\d+(?:[.,]\d+)*", digits) or len(digits) > 30:
        return []
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        decimal = max(".", ",", key=digits.rfind)
        other = "," if decimal == "." else "."
        if digits.count(decimal) > 1:
            return []
        return [sign * float(digits.replace(other, "").replace(decimal, "."))]
    if points + commas > 1:
        return [sign * float(re.sub(r"[.,]", "", digits))]
    as_decimal = sign * float(digits.replace(",", "."))
    if re.fullmatch(r"\d{1,3}[.,]\d{3}", digits):
        return [as_decimal, sign * float(re.sub(r"[.,]", "", digits))]
    return [as_decimal]


def _place(first: float, second: float, *, may_be_degrees: bool) -> Geographic | Projected | None:
    for one, other in ((first, second), (second, first)):
        if may_be_degrees and _lies(one, LATITUDES) and _lies(other, LONGITUDES):
            return Geographic(lon=other, lat=one)
        if _lies(one, EASTS_M) and _lies(other, NORTHS_M):
            return Projected(east=one, north=other)
    return None


def _read_sexagesimal(plain: str) -> Geographic | None:
    """Read 21 01 42 105 51 15 or 21 01.7 105 51.25, degrees and minutes without any sign."""
    parts = plain.replace(",", ".").split()
    if len(parts) not in (4, 6) or not all(re.fullmatch(r"\d{1,3}(\.\d+)?", p) for p in parts):
        return None
    half = len(parts) // 2
    angles = []
    for angle in (parts[:half], parts[half:]):
        numbers = [float(part) for part in angle]
        if any(number >= 60 for number in numbers[1:]):
            return None
        angles.append(sum(number / 60**power for power, number in enumerate(numbers)))
    found = _place(angles[0], angles[1], may_be_degrees=True)
    return found if isinstance(found, Geographic) else None


def _lies(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value < limits[1]
