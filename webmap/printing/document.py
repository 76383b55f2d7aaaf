"""Handing a sheet to Typst. Data goes in as data: nothing of it is ever read as Typst."""

from __future__ import annotations

import json
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEMPLATE = Path(__file__).with_name("map_sheet.typ")
#: Debian's fonts-noto-core, by which MapServer letters the map as well.
_FONTS = Path("/usr/share/fonts/truetype/noto")


def pdf_of(data: Mapping[str, Any], picture: bytes) -> bytes:
    """Return the sheet as PDF. `picture` is the map as PNG, `data` what map_sheet.typ reads."""
    with tempfile.TemporaryDirectory(prefix="diado-print-") as name:
        folder = Path(name)
        (folder / "map.png").write_bytes(picture)
        shutil.copyfile(_TEMPLATE, folder / "sheet.typ")
        return bytes(
            typst.compile(
                folder / "sheet.typ",
                root=folder,
                font_paths=_fonts(),
                ignore_system_fonts=True,
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                # Nothing is fetched: a template that wanted a package would find none.
                package_path=folder,
            )
        )


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Return the faces there are; looked through once in a process."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FONTS]
    )
