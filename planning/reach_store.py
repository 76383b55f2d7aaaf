"""What was put together for reach, kept as files: networks, entrances, plots, cells.

Each part is a folder of arrays below `settings.REACH`, named by a digest of all that it rests on;
so what is found there is right, and nobody has to empty anything. Arrays are mapped into memory,
not read: several processes share them. The folder may be deleted; what is missing is made again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
from django.conf import settings

from planning.reach.cells import Cells
from planning.reach.people import Overlaps
from planning.reach.places import FacilityPlaces
from planning.reach.records import Issue, Network, People, Places, Quality
from planning.reach_facts import FacilityRows, Plots

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

#: Folders of one part that stay; the ones used last.
KEPT: Final = 4
#: Modules that say what is in a part.
_MADE_BY: Final = (
    *("reach/cells", "reach/fronts", "reach/parameters", "reach/people", "reach/places"),
    *("reach/quality", "reach/records", "reach/slopes", "reach/squares", "reach/topology"),
    *("reach_facts", "reach_facts_sql", "reach_store"),
)
_PLAIN: Final = "plain.json"
_CLASSES: Final = {
    one.__name__: one
    for one in (
        *(Cells, FacilityPlaces, FacilityRows, Issue, Network),
        *(Overlaps, People, Places, Plots, Quality),
    )
}
_Part = TypeVar("_Part")


def kept(part: str, rests_on: Any, make: Callable[[], _Part]) -> _Part:
    """Return a part: as it was kept, or made and kept. `rests_on` is all that it depends on.

    Where nothing can be written the part is made each time, and the log says so.
    """
    folder = settings.REACH / f"{part}-{digest_of(rests_on)}"
    found: _Part | None = _opened(folder)
    if found is not None:
        return found
    made = make()
    try:
        _write(folder, made)
        _forget_old(folder.parent, part)
    except OSError as failed:
        logger.warning("reach: %s is not kept: %s", folder.name, failed)
        return made
    found = _opened(folder)
    return made if found is None else found


def is_kept(part: str, rests_on: Any) -> bool:
    """Whether a part need not be made."""
    return (settings.REACH / f"{part}-{digest_of(rests_on)}").is_dir()


def digest_of(rests_on: Any) -> str:
    """Return a name for all that a part rests on, and for the way in which it is put together."""
    text = json.dumps([_engine(), rests_on], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _engine() -> str:
    """Return a digest of the modules that put parts together: another version reads none."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for name in _MADE_BY:
        digest.update((here / f"{name}.py").read_bytes())
    return digest.hexdigest()


def _opened(folder: Path) -> Any:
    """Return the part that a folder holds, None if there is none that can be read."""
    try:
        plain = json.loads((folder / _PLAIN).read_text(encoding="utf-8"))
        found = _together(plain, folder)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError) as broken:
        logger.warning("reach: %s cannot be read: %s", folder.name, broken)
        shutil.rmtree(folder, ignore_errors=True)
        return None
    with suppress(OSError):
        os.utime(folder)
    return found


def _write(folder: Path, made: Any) -> None:
    """Write a part beside its place and rename it: nobody finds half of one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".new-"))
    try:
        plain = json.dumps(_apart(made, "part", beside))
        with (beside / _PLAIN).open("w", encoding="utf-8") as file:
            file.write(plain)
            _settle(file)
        # Somebody else may have been faster: theirs is the same.
        with suppress(FileExistsError, NotADirectoryError):
            beside.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _forget_old(root: Path, part: str) -> None:
    """Remove the folders of a part that were not used for longest, and what was left half done."""
    used = sorted(_with_age(root, f"{part}-*"), reverse=True)
    newest = used[0][0] if used else 0.0
    half = [path for age, path in _with_age(root, ".new-*") if age < newest - 3600]
    for path in (*(path for _, path in used[KEPT:]), *half):
        shutil.rmtree(path, ignore_errors=True)


def _with_age(root: Path, pattern: str) -> list[tuple[float, Path]]:
    found = []
    for path in root.glob(pattern):
        with suppress(FileNotFoundError):
            found.append((path.stat().st_mtime, path))
    return found


def _apart(value: Any, name: str, folder: Path) -> Any:
    """Write the arrays of a value to a folder; return the rest of it, for JSON."""
    if isinstance(value, np.ndarray):
        is_text = value.dtype == object
        with (folder / f"{name}.npy").open("wb") as file:
            np.save(file, value.astype(str) if is_text else value, allow_pickle=False)
            _settle(file)
        return {"array": name, "is_text": is_text}
    of = type(value).__name__
    if of in _CLASSES:
        rest = {one: _apart(getattr(value, one), f"{name}.{one}", folder) for one in _names(value)}
        return {"class": of, "fields": rest}
    if isinstance(value, tuple | list):
        return [_apart(one, f"{name}.{row}", folder) for row, one in enumerate(value)]
    return dict(value) if hasattr(value, "items") else value


def _names(value: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(value)) if is_dataclass(value) else value._fields


def _together(plain: Any, folder: Path) -> Any:
    """Return a value that was taken apart."""
    if isinstance(plain, list):
        return tuple(_together(one, folder) for one in plain)
    if not isinstance(plain, dict):
        return plain
    if "array" in plain:
        array = _mapped(folder / f"{plain['array']}.npy")
        return array.astype(object) if plain["is_text"] else array
    if "class" in plain:
        rest = {name: _together(one, folder) for name, one in plain["fields"].items()}
        return _CLASSES[plain["class"]](**rest)
    return plain


def _mapped(path: Path) -> NDArray[Any]:
    """Return the array of a file, mapped; what somebody writes into it stays with them.

    Compiled functions tell arrays that may be written to from others, and would be made twice.
    """
    return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))


def _settle(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())
