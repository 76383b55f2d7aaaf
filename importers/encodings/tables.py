"""Byte tables of legacy Vietnamese text, read from fixtures/reference and nowhere retyped."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

REFERENCE: Final = Path(__file__).resolve().parents[2] / "fixtures" / "reference"

#: Windows-1258 is the one legacy code page that Python knows itself.
_CP1258: Final = "cp1258"


@cache
def tcvn3() -> Mapping[int, str]:
    """Return byte → letter of TCVN3 (ABC, the .Vn fonts).

    The fonts have no toned capitals. The full TCVN 5712-1 has, in places that the fonts leave
    empty, so both tables are one; a file written by the fonts never touches the second.
    """
    table = {int(row["byte_hex"], 16): row["unicode_char"] for row in _rows("tcvn3.csv")}
    extra = {
        int(row["byte_hex"], 16): row["unicode_char"] for row in _rows("tcvn5712_vn1_extra.csv")
    }
    return {**extra, **table}


@cache
def tcvn3_fonts() -> Mapping[int, str]:
    """Return byte → letter of what the .Vn fonts can show: no toned capitals."""
    return {int(row["byte_hex"], 16): row["unicode_char"] for row in _rows("tcvn3.csv")}


@cache
def viscii() -> Mapping[int, str]:
    """Return byte → letter of VISCII (RFC 1456); six capitals sit among the control codes."""
    return {int(row["byte_hex"], 16): row["char"] for row in _rows("viscii.csv")}


@cache
def vni() -> Mapping[bytes, str]:
    """Return sequence of one or two bytes → letter of VNI-Windows."""
    return {
        bytes.fromhex(row["seq_hex"].replace(" ", "")): row["unicode_char"]
        for row in _rows("vni.csv")
    }


@cache
def cp1258() -> Mapping[int, str]:
    """Return byte → letter or combining tone of Windows-1258."""
    table: dict[int, str] = {}
    for byte in range(0x80, 0x100):
        letter = bytes([byte]).decode(_CP1258, errors="replace")
        if letter != "\ufffd":
            table[byte] = letter
    return table


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
