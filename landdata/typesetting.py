"""Handing documents to Typst. Data goes in as data: nothing of it is ever read as Typst."""

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

#: Debian's fonts-noto-core, by which MapServer letters the map as well.
_FONTS = Path("/usr/share/fonts/truetype/noto")


def pdf_of(
    template: Path, data: Mapping[str, Any], files: Mapping[str, bytes] | None = None
) -> bytes:
    """Return a document as PDF.

    The template finds `data` in a file data.json beside itself, and `files` by their names.
    """
    with tempfile.TemporaryDirectory(prefix="diado-print-") as name:
        folder = Path(name)
        for file, content in (files or {}).items():
            (folder / file).write_bytes(content)
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        shutil.copyfile(template, folder / "document.typ")
        return bytes(
            typst.compile(
                folder / "document.typ",
                root=folder,
                font_paths=_fonts(),
                ignore_system_fonts=True,
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
