"""Gettext catalogues, compiled when their source is newer."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from config.stack.messages import Trouble
from config.stack.programs import call

if TYPE_CHECKING:
    from pathlib import Path

    from config.stack.places import Places


def compile_changed(places: Places) -> int:
    """Compile the catalogues whose .po file is newer than its .mo; return how many."""
    due = [path for path in sources(places.root) if _is_due(path)]
    msgfmt = shutil.which("msgfmt")
    if due and msgfmt is None:
        raise Trouble("no_program", name="msgfmt")
    for path in due:
        making = path.with_suffix(".mo.making")
        call(places, "msgfmt", [msgfmt or "", "--check-format", "-o", str(making), str(path)])
        making.replace(path.with_suffix(".mo"))
    return len(due)


def sources(root: Path) -> list[Path]:
    """Return every catalogue of ours, of the project and of its applications."""
    return sorted(
        path
        for pattern in ("locale/*/LC_MESSAGES/*.po", "*/locale/*/LC_MESSAGES/*.po")
        for path in root.glob(pattern)
    )


def _is_due(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.is_file() or compiled.stat().st_mtime < path.stat().st_mtime
