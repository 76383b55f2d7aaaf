"""Which VN-2000 grid a writer names beside a pair of metres: pure reading of one text."""

from __future__ import annotations

import re
from typing import Final

from landdata import crs

#: Grids of six degrees by the number of their zone; all others are of three degrees.
_SIX_DEGREES: Final = {"48": 3405, "49": 3406}
_SIGN: Final = r"(?:[°º˚o]|độ|\bdo\b)"
# 105°45', 105-45, 105.75, 105 45, 105, and 105045' where the degree sign fell to a nought.
_ANGLE: Final = (
    rf"(?P<degrees>1[01]\d)(?:(?:\s*{_SIGN}\s*|[-.,:]|\s+)(?P<minutes>\d{{1,2}})(?!\d)"
    rf"|0?(?P<glued>00|15|30|45)(?!\d)|\s*{_SIGN}|(?!\d))\s*(?:['′]|phút)?"
)
_BARE_ANGLE: Final = r"(?P<degrees>1[01]\d)\s*[°º˚]\s*(?P<minutes>\d{1,2})?\s*['′]?"
_LABEL: Final = (
    r"(?:\bktt|\bkt\s*tr[uụ]c|\bkinh\s*tuy[eế]n(?:\s*(?:tr[uụ]c|trung\s*[uư][oơ]ng))?"
    r"|\b(?:central\s*)?meridian|\bl0)\s*[:=]?\s*"
)
_EPSG: Final = re.compile(r"\bepsg\s*[:_]?\s*(\d{4,5})\b")
_ZONE: Final = re.compile(r"\b(?:m[uú]i|zone|utm)\s*(?:utm\s*)?(?:s[oố]\s*)?(48|49)\s*n?\b")
_WIDTH: Final = re.compile(rf"\bm[uú]i\s*(?:chi[eế]u\s*)?([36])\b\s*{_SIGN}?|\b(tm-?3|utm)\b\s*/?")
_NAME: Final = re.compile(r"\bvn[\s_-]?2000\b\s*/?")
_MERIDIANS: Final = (
    re.compile(_LABEL + _ANGLE),
    # "VN-2000 / TM-3 105-45": right behind the name of the system.
    re.compile(rf"(?<=\x00)\s*[/,:]?\s*{_ANGLE}"),
    re.compile(rf"(?<![\d.,]){_BARE_ANGLE}(?!\s*\d)"),
)


def read_systems(text: str) -> tuple[tuple[int, ...] | None, str]:
    """Return the VN-2000 grids that a text in small letters names, and the text without them.

    None if it names none; empty if it names one that does not exist.

    >>> read_systems("587654 2325678 ktt 105°45'")
    ((9210,), '587654 2325678  ')
    """
    fitting = set(crs.VN2000)
    is_named = False
    codes = {crs.current_code(int(code)) for code in _EPSG.findall(text)}
    if codes:
        fitting, is_named = fitting & codes, True
    rest = _EPSG.sub(" ", text)
    if zone := _ZONE.search(rest):
        fitting, is_named = fitting & {_SIX_DEGREES[zone[1]]}, True
        rest = rest[: zone.start()] + " " + rest[zone.end() :]
    if width := _WIDTH.search(rest):
        is_six = width[1] == "6" or width[2] == "utm"
        six = set(_SIX_DEGREES.values())
        fitting, is_named = fitting & six if is_six else fitting - six, True
    # The place where the system is named stays marked: a meridian may follow.
    rest = _NAME.sub(" \x00", _WIDTH.sub(" \x00", rest))
    for pattern in _MERIDIANS:
        if found := pattern.search(rest):
            of_meridian = {
                epsg for epsg in crs.VN2000 if crs.central_meridian(epsg) in _meridians(found)
            }
            fitting, is_named = fitting & of_meridian, True
            rest = rest[: found.start()] + " " + rest[found.end() :]
            break
    return tuple(sorted(fitting)) if is_named else None, rest.replace("\x00", " ")


def _meridians(found: re.Match[str]) -> set[float]:
    """Return what a written meridian can mean in degrees: 105.45 is 105°45', 105.75 is itself."""
    groups = found.groupdict()
    degrees = int(groups["degrees"])
    minutes = groups.get("minutes") or groups.get("glued") or "0"
    angles = {float(f"{degrees}.{minutes}")} if "." in found[0] or "," in found[0] else set()
    return angles | ({degrees + int(minutes) / 60} if int(minutes) < 60 else set())
