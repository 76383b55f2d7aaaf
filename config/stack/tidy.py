"""`make clean`: back to the files of the repository."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from config.stack import catalogues, environment, processes
from config.stack.messages import Trouble, sentence
from config.stack.progress import say
from config.stack.run import end_left_over

if TYPE_CHECKING:
    from pathlib import Path

    from config.stack.places import Places

_MADE = (
    ".venv",
    "node_modules",
    "webmap/static/webmap/dist",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".import_linter_cache",
    ".hypothesis",
)


def clean(places: Places) -> int:
    """Remove everything that was made, data included; refuse while it is running."""
    if "supervisor" in processes.recorded(places.run):
        raise Trouble("running_first_stop")
    end_left_over(places)
    removed = [*_clusters(places), *(places.root / name for name in _MADE), places.var]
    removed += [path.with_suffix(".mo") for path in catalogues.sources(places.root)]
    for path in removed:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    say(sentence("cleaned"))
    return 0


def _clusters(places: Places) -> list[Path]:
    """Return the folders of the private cluster, which may lie outside var."""
    if not (places.var / environment.NAME).is_file():
        return []
    cluster = environment.private_database(places).cluster
    return [cluster.socket_folder, cluster.home]
