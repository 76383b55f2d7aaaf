"""The ways in of objects of the ground, one a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from importers import guard
from importers.facilities import read_facilities
from importers.features.run import About, FoundRows, WayIn
from importers.networks import read_networks
from importers.osm.facilities import read_osm_facilities
from importers.osm.networks import read_osm_networks
from importers.population import CENSUS, read_population

if TYPE_CHECKING:
    from pathlib import Path

    from importers.issues import IssueLog


def _is_osm(path: Path) -> bool:
    return guard.FORMAT_OF_SUFFIX[path.suffix.lower()] == guard.OSM_XML


def _read_network(path: Path, log: IssueLog) -> FoundRows:
    return read_osm_networks(path, log) if _is_osm(path) else read_networks(path, log)


def _read_facilities(path: Path, log: IssueLog) -> FoundRows:
    return read_osm_facilities(path, log) if _is_osm(path) else read_facilities(path, log)


NETWORK: Final = WayIn(
    kind="network",
    formats=(guard.GEOPACKAGE, guard.OSM_XML),
    about=About("network", "network", "Mạng lưới hạ tầng", "Networks"),
    read=_read_network,
)
FACILITIES: Final = WayIn(
    kind="facilities",
    formats=(guard.GEOPACKAGE, guard.OSM_XML),
    about=About("facilities", "facilities", "Công trình, cơ sở dịch vụ", "Facilities"),
    read=_read_facilities,
)
POPULATION: Final = WayIn(
    kind="population", formats=(guard.CSV,), about=CENSUS, read=read_population
)
