"""Bring 20,000 parcels into PostGIS: import_parcels against ogr2ogr and geopandas.

All three write into one throwaway cluster in the same run. The peers only copy rows: they leave
TCVN3 text undecoded, know no wards, keep no history and find nothing changed the second time, so
the ratio says what all that costs. Best of three runs each, after one that warms the caches.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.plugin import ThrowawayRun

if TYPE_CHECKING:
    from collections.abc import Callable

PARCELS = 20_000
RUNS = 3


def main() -> int:
    """Run the benchmark and show the times and ratios."""
    run = ThrowawayRun()
    try:
        run.start()
        with tempfile.TemporaryDirectory() as folder:
            return _measure(Path(folder))
    finally:
        run.stop()


def _measure(folder: Path) -> int:
    import os

    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from django.core.management import call_command

    from accounts.models import Role
    from accounts.operations import demo_username

    for command in ("migrate", "load_reference", "make_demo_accounts"):
        call_command(command, verbosity=0, stdout=sys.stderr)
    call_command("make_city", parcels=PARCELS, seed=1, place="hanoi", out=folder / "city")
    file = folder / "city" / "parcels.shp"
    by = demo_username(Role.DATA_OFFICER)

    def ours() -> None:
        call_command("import_parcels", str(file), by=by, stdout=sys.stderr, verbosity=0)

    def emptied() -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "TRUNCATE landdata_parcelversion, landdata_parcellanduse, landdata_parcel,"
                " landdata_cadastralsheet, importers_importrun, importers_importissue CASCADE"
            )

    url = os.environ["DATABASE_URL"]
    times = {
        "import_parcels": _best(ours, before=emptied),
        "import_parcels again": _best(ours),
        "ogr2ogr COPY": _best(lambda: _ogr2ogr(file, url)),
        "geopandas.to_postgis": _best(lambda: _geopandas(file, url)),
    }
    for name, seconds in times.items():
        ratio = seconds / times["ogr2ogr COPY"]
        sys.stdout.write(f"{name:24} {seconds:7.2f} s   {ratio:5.2f} × ogr2ogr\n")
    return 0


def _best(job: Callable[[], None], *, before: Callable[[], None] | None = None) -> float:
    found = []
    for _ in range(RUNS + 1):
        if before is not None:
            before()
        begun = time.perf_counter()
        job()
        found.append(time.perf_counter() - begun)
    return min(found[1:])


def _ogr2ogr(file: Path, url: str) -> None:
    program = shutil.which("ogr2ogr")
    if program is None:
        raise SystemExit("ogr2ogr is missing: apt-get install gdal-bin")
    parts = urlsplit(url)
    target = (
        f"PG:host={parts.hostname} port={parts.port} dbname={parts.path[1:]} "
        f"user={parts.username} password={parts.password}"
    )
    command = [program, "-q", "-f", "PostgreSQL", target, str(file), "-nln", "peer_ogr2ogr"]
    command += ["-overwrite", "-nlt", "MULTIPOLYGON", "-a_srs", "EPSG:5897"]
    command += ["--config", "PG_USE_COPY", "YES", "-oo", "ENCODING=ISO-8859-1"]
    subprocess.run(command, check=True)  # noqa: S603  # a fixed program with our own arguments


def _geopandas(file: Path, url: str) -> None:
    """Run in the peers' own environment, which has what geopandas needs to write to PostGIS."""
    script = (
        "import sys, geopandas, sqlalchemy\n"
        "frame = geopandas.read_file(sys.argv[1], encoding='ISO-8859-1', engine='pyogrio')\n"
        "frame = frame.set_crs(5897, allow_override=True)\n"
        "engine = sqlalchemy.create_engine(sys.argv[2])\n"
        "frame.to_postgis('peer_geopandas', engine, if_exists='replace')\n"
    )
    address = urlsplit(url)._replace(scheme="postgresql+psycopg2").geturl()
    subprocess.run(  # noqa: S603  # our own script
        [str(_peers()), "-c", script, str(file), address], check=True
    )


def _peers() -> Path:
    """Return the Python of the peers' environment, made on first use below var/."""
    home = Path(__file__).resolve().parents[1] / "var" / "peers" / "geopandas"
    python = home / "bin" / "python"
    if not python.is_file():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)  # noqa: S603
        packages = ["geopandas", "pyogrio", "sqlalchemy", "geoalchemy2", "psycopg2-binary"]
        subprocess.run([str(python), "-m", "pip", "install", "-q", *packages], check=True)  # noqa: S603
    return python


if __name__ == "__main__":
    sys.exit(main())
