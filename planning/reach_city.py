"""A city put together: streets, plots and what serves them, from the record or as it is kept.

Every plot is a place; its people are those of the newest count.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.db import connection

from planning.reach.parameters import parameters
from planning.reach.places import entrances, entrances_of_facilities
from planning.reach.topology import build_network
from planning.reach_circumstances import circumstances_by
from planning.reach_facts import (
    dataset_of,
    has_roads,
    height_copies,
    read_barriers,
    read_facilities,
    read_grounds,
    read_heights,
    read_plots,
    read_plots_at,
    read_roads,
)
from planning.reach_marks import BARRIERS, FACILITIES, HEIGHTS, PARCELS, PEOPLE, ROADS, Marks, marks
from planning.reach_store import is_kept, kept

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from planning.conflict_tables import Moment
    from planning.norms.circumstances import Circumstances
    from planning.reach.places import FacilityPlaces
    from planning.reach.records import Network, Places
    from planning.reach_facts import FacilityRows, Plots

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int32]
    Numbers = NDArray[np.int64]
    Objects = NDArray[np.object_]

#: Plots that are put together in two seconds or three.
SMALL: Final = 30_000
_PLOTS_THERE: Final = "SELECT reltuples FROM pg_class WHERE relname = 'landdata_parcelversion'"


@dataclass(frozen=True, eq=False)
class City:
    """Streets, plots and facilities of a day, put together.

    The grounds of plots are not held: whoever needs one asks the database.
    """

    moment: Moment
    network: Network
    plots: Plots
    places: Places
    facilities: FacilityRows
    at: FacilityPlaces
    dataset: str
    #: Points inside the plots, (n, 2).
    inside: Floats
    #: Water and railways.
    barriers: NDArray[np.object_]
    marks: Marks
    #: What is known of the area of each plot.
    circumstances: Circumstances
    #: What was taken from a plan, and how much.
    of_plan: Mapping[str, Any] = field(default_factory=dict)


def read_city(
    moment: Moment, *, plan: str | None, step: Callable[[int, str], None], dataset: str = ""
) -> City:
    """Return streets, plots and facilities of a day, put together."""
    known = parameters()
    with connection.cursor() as cursor:
        chosen = dataset_of(cursor, moment, dataset)
        barriers = read_barriers(cursor, moment)
        step(1, "network")
        built_for = _built_for(cursor, moment, chosen, plan)
        of_network = _network_marks(cursor, moment, chosen, built_for)
        of_parcels = marks(cursor, moment, PARCELS)

        def network_made() -> Network:
            roads, nodes = read_roads(cursor, moment, chosen)
            grids = read_heights(moment, roads)
            return build_network(
                *(roads, nodes),
                parameters=known,
                plan=built_for,
                grids=grids,
                barriers=barriers,
            )

        @cache
        def grounds() -> NDArray[np.object_]:
            return read_grounds(cursor, moment)

        network = kept("network", of_network, network_made)
        of_plots = [of_parcels, marks(cursor, moment, PEOPLE)]
        plots = kept("plots", of_plots, lambda: read_plots(cursor, moment))
        inside = kept(
            "inside",
            of_parcels,
            lambda: shapely.get_coordinates(shapely.point_on_surface(grounds())),
        )
        step(2, "entrances")
        places = kept(
            "places",
            [of_network, of_parcels],
            lambda: entrances(
                *(network, grounds(), known.search),
                barriers=barriers,
                is_street=plots.is_street,
            ),
        )
        of_facilities = [of_network, of_parcels, marks(cursor, moment, FACILITIES)]
        facilities = kept("facilities", of_facilities, lambda: read_facilities(cursor, moment))

        def at_made() -> FacilityPlaces:
            return _entered(cursor, moment, network, places, plots, facilities.xy, facilities.kind)

        at = kept("doors", of_facilities, at_made)
    return City(
        *(moment, network, plots, places, facilities, at),
        *(chosen, inside, barriers, Marks(of_network, of_parcels)),
        circumstances_by((), np.full(len(plots), -1, np.int32), plots.people),
    )


def silent(done: int, name: str) -> None:
    """Tell nobody of a step."""


def is_put_together(moment: Moment, *, plan: str | None) -> bool:
    """Whether a city is read at once: it is kept, or so small that it is soon put together.

    Raises Invalid if there is no network, or several.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PLOTS_THERE)
        (many,) = cursor.fetchone()
        chosen = dataset_of(cursor, moment, "")
        built_for = _built_for(cursor, moment, chosen, plan)
        of_network = _network_marks(cursor, moment, chosen, built_for)
        return many <= SMALL or is_kept("places", [of_network, marks(cursor, moment, PARCELS)])


def _built_for(cursor: Any, moment: Moment, dataset: str, plan: str | None) -> str | None:
    return plan if plan and has_roads(cursor, moment, dataset, plan) else None


def _network_marks(cursor: Any, moment: Moment, dataset: str, built_for: str | None) -> list[Any]:
    """Return what a network rests on."""
    return [
        *(dataset, built_for, parameters().digest, height_copies(moment)),
        marks(cursor, moment, (*ROADS, *BARRIERS, *HEIGHTS)),
    ]


def entered(city: City, xy: Floats, kinds: Objects) -> FacilityPlaces:
    """Return the entrances of points (n, 2) at which facilities of some kinds might stand.

    As those of facilities that stand there: of the plot that holds the point, or the street by it.
    """
    with connection.cursor() as cursor:
        return _entered(
            *(cursor, city.moment, city.network, city.places, city.plots),
            *(xy, kinds),
        )


def _entered(
    cursor: Any,
    moment: Moment,
    network: Network,
    places: Places,
    plots: Plots,
    xy: Floats,
    kinds: Objects,
) -> FacilityPlaces:
    held_by = read_plots_at(cursor, moment, xy, plots.key)
    search = parameters().search
    return entrances_of_facilities(network, xy, kinds, search, held_by=held_by, places=places)
