"""Which hashed files the client's build made for an entry, read from Vite's manifest."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

from django.core.exceptions import ImproperlyConfigured

DIST = Path(__file__).resolve().parent / "static" / "webmap" / "dist"
MANIFEST = DIST / "manifest.json"


class _Chunk(TypedDict, total=False):
    file: str
    css: list[str]
    imports: list[str]


@dataclass(frozen=True)
class Entry:
    """Static paths of one entry: its styles, with those of what it imports, and its script."""

    styles: tuple[str, ...]
    script: str


def entry(name: str) -> Entry:
    """Return the files of entry `name` ("home" or "page").

    Raises ImproperlyConfigured where the client was never built, and KeyError for an
    entry that the build does not know.
    """
    try:
        changed = MANIFEST.stat().st_mtime_ns
    except FileNotFoundError as missing:
        raise ImproperlyConfigured(
            "The client is not built: run `npm ci` and `npm run build`."
        ) from missing
    return _read(name, changed)


@lru_cache
def _read(name: str, changed: int) -> Entry:
    """Read the manifest; `changed` (its time in ns) makes a new build a new question."""
    manifest: dict[str, _Chunk] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    seen: list[str] = []

    def visit(key: str) -> None:
        if key not in seen:
            seen.append(key)
            for imported in manifest[key].get("imports", []):
                visit(imported)

    root = f"{name}.ts"
    visit(root)
    styles = dict.fromkeys(path for key in seen for path in manifest[key].get("css", []))
    return Entry(
        tuple(f"webmap/dist/{path}" for path in styles), f"webmap/dist/{manifest[root]['file']}"
    )
