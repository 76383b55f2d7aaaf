"""`python -m config.stack.prepare`: migrates and fills the database, in one process.

It runs inside the virtual environment, between the start of the database and that of the web
server. Every step may be repeated: it does only what is missing.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from config.stack.progress import step

#: Command, its arguments, and what is shown while it runs.
STEPS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("migrate", ("--no-input",), "Lược đồ cơ sở dữ liệu", "database schema"),
    ("load_reference", ("--if-changed",), "Bảng tra cứu", "reference tables"),
    ("make_demo_accounts", (), "Tài khoản mẫu", "demo accounts"),
    ("demo_city", (), "Thành phố mẫu", "demo city"),
    ("shade_relief", (), "Địa hình", "relief"),
    ("keep_grids", (), "Lưới độ cao", "height grids"),
    ("write_mapfile", (), "Tệp bản đồ", "mapfile"),
    ("collectstatic", ("--no-input",), "Tệp tĩnh", "static files"),
)
_DEVELOPMENT_ONLY = {"make_demo_accounts", "demo_city"}
#: In development the files are served from where they lie.
_PRODUCTION_ONLY = {"collectstatic"}


def prepare() -> None:
    """Carry out the steps; what the commands say goes to standard error, which is the log."""
    django.setup()
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    left_out = _DEVELOPMENT_ONLY if settings.PRODUCTION else _PRODUCTION_ONLY
    for name, arguments, vietnamese, english in STEPS:
        if name in left_out:
            continue
        with step(vietnamese, english) as it:
            it.note(call_command(name, *arguments, stdout=sys.stderr, stderr=sys.stderr) or "")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    prepare()
