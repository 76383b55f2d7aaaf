"""A real city behind real servers: own database, MapServer pool and web server."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg2
import pytest

from config.stack import services
from config.stack.places import free_port, places
from tests.servers import BARE, carry_out, kept, own_database, working_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PARCELS = 400
#: A day of the last year that the city has annual plans of.
LISTED_ON = "2026-11-20"


@dataclass(frozen=True)
class Plot:
    """What a person reads off a certificate to find a plot."""

    uuid: str
    sheet: str
    number: str
    ward: str
    address: str

    @property
    def words(self) -> str:
        return f"tờ {self.sheet} thửa {self.number} {self.ward}"

    @property
    def street(self) -> str:
        """The street of "Số 2, ngõ 3, phố Hà Trung, phường Hoàn Kiếm"."""
        return self.address.split(", ")[-2]


@dataclass(frozen=True)
class LiveCity:
    """Where the city answers, and its database for choosing what to ask about."""

    url: str
    database_url: str
    #: With which a command works on this city.
    environment: Mapping[str, str]

    def rows(self, query: str, *values: object) -> list[tuple]:
        connection = psycopg2.connect(self.database_url)
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()

    def plots(self) -> list[Plot]:
        """Plots on most zones first; sheet, number and ward name each of them alone."""
        return self._plots(
            order="""
                (SELECT count(*) FROM public_zones z
                 WHERE ST_Area(ST_Intersection(z.boundary, p.boundary)) > 1) DESC
            """
        )

    def under_a_power_line(self) -> Plot:
        """A plot that an overhead line with recorded conductors crosses, but does not cover."""
        return self._plots(
            condition="""
                EXISTS (
                    SELECT FROM public_power_lines l
                    WHERE l.to_revision IS NULL AND l.placement = 'overhead'
                      AND l.outer_conductor_m IS NOT NULL AND ST_Intersects(l.axis, p.boundary)
                      AND ST_Area(ST_Intersection(ST_Buffer(l.axis, 3), p.boundary))
                          < ST_Area(p.boundary) / 2
                )
            """
        )[0]

    def listed_in_its_third_year(self) -> Plot:
        """A plot of a project that the plan of LISTED_ON's year and the two before it list."""
        return self._plots(
            condition=f"""
                EXISTS (
                    SELECT FROM public_land_use_items i
                    JOIN public_land_use_item_parcels n ON n.item_id = i.id
                    JOIN public_annual_plans a ON a.code = i.annual_plan_code
                    WHERE n.uuid = p.uuid AND i.to_revision IS NULL AND a.to_revision IS NULL
                      AND i.kind = 'recovery' AND i.status = 'listed'
                      AND a.year = extract(year FROM date '{LISTED_ON}')
                      AND i.first_listed_year = a.year - 2
                )
            """
        )[0]

    def _plots(self, *, condition: str = "true", order: str = "p.uuid") -> list[Plot]:
        found = self.rows(
            f"""
            SELECT p.uuid::text, p.sheet_number, p.number, u.full_name, p.address
            FROM public_parcels p
            JOIN public_units u ON u.code = p.unit_code AND u.valid_to IS NULL
            WHERE p.to_revision IS NULL AND p.geometry_state = 'valid' AND NOT p.is_disputed
              AND (SELECT count(*) FROM public_parcels twin
                   WHERE twin.to_revision IS NULL AND twin.sheet_number = p.sheet_number
                     AND twin.number = p.number AND twin.unit_code = p.unit_code) = 1
              AND NOT EXISTS (
                  SELECT FROM public_parcel_aliases former
                  WHERE former.to_revision IS NULL AND former.sheet_number = p.sheet_number
                    AND former.number = p.number
              )
              AND {condition}
            ORDER BY {order}, p.uuid
            LIMIT 5
            """
        )
        return [Plot(*row) for row in found]


@contextlib.contextmanager
def running_city(
    folder: Path, name: str, *, place: str = "hanoi", epsg: int = 5897, made_from: str = BARE
) -> Iterator[LiveCity]:
    """Make a city of PARCELS plots in a database of its own, serve it, and remove it all."""
    owner_url = os.environ["DATABASE_URL"]
    with own_database(owner_url, name, made_from=made_from) as database_url:
        environment = {
            **working_on(name),
            "DIADO_VAR": str(folder),
            "DIADO_PORT": str(free_port()),
            "DIADO_CITY": place,
            "DIADO_STORAGE_EPSG": str(epsg),
            "DIADO_CITY_PARCELS": str(PARCELS),
        }
        here = places(environment)
        here.run.mkdir(parents=True, exist_ok=True)
        carry_out(("-m", "config.stack.prepare"), environment)
        with contextlib.ExitStack() as running:
            # The pool's socket is named by the environment of whoever asks, so name it for both.
            socket = here.run / "mapserver.sock"
            environment["DIADO_MAPSERVER_SOCKET"] = str(socket)
            # Another city of this session may run beside this one and goes on with its own.
            here_too = running.enter_context(pytest.MonkeyPatch.context())
            here_too.setenv("DIADO_MAPSERVER_SOCKET", str(socket))
            for service in (services.map_server(here), services.web_server(here)):
                running.enter_context(kept(service, environment, folder / f"{service.name}.log"))
            yield LiveCity(here.url.rstrip("/"), database_url, dict(environment))
