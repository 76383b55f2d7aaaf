"""What everybody may read of the city's services, through the public views alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import get_language

from landdata.models import PublicUnit, UnitLevel
from planning.norm_queries import services
from planning.reach_queries import kind_names
from planning.reach_words import of_reason

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from planning.norms.radii import Service


@dataclass(frozen=True)
class ShareTold:
    """A share of people, from 0 to 1. None is what nobody knows, and `reason` says why."""

    #: Among those of whom it is known.
    share: float | None
    #: Certain, and at most possible.
    low: float | None
    high: float | None
    reason: str

    @property
    def is_certain(self) -> bool:
        """Whether what is not known could change nothing."""
        return self.low is not None and self.low == self.high


@dataclass(frozen=True)
class WardTold:
    """People of a ward within reach of all services that were checked."""

    code: str
    name: str
    told: ShareTold
    #: Enough people live there for it to be compared with others.
    is_ranked: bool


@dataclass(frozen=True)
class NormTold:
    """People within the distance that one norm sets for one kind of service."""

    kind: str
    kind_name: str
    norm: str
    #: Row of the table of services; None if the table has lost it since.
    service: Service | None
    #: met, not_met, not_checked.
    state: str
    told: ShareTold


@dataclass(frozen=True)
class CityReached:
    """The last figures of the city that were told."""

    legal_day: dt.date
    released_on: dt.date
    revision: int
    #: Within reach of all kinds below.
    told: ShareTold
    kinds: tuple[str, ...]
    #: Names of kinds that a norm sets a distance for, of which none is recorded.
    not_recorded: tuple[str, ...]
    #: Served worst, then by name of place; those that are not ranked last.
    wards: tuple[WardTold, ...]
    worst: WardTold | None
    norms: tuple[NormTold, ...]


def city_summary() -> CityReached | None:
    """Return the city's figures of services; None before a run told any."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMMARY)
        row = cursor.fetchone()
    if row is None:
        return None
    legal_day, released_on, revision, values = row
    values = json.loads(values)
    if values.get("all_services") is None:
        return None
    return _summary(legal_day, released_on, revision, values)


def _summary(
    legal_day: dt.date, released_on: dt.date, revision: int, values: Mapping[str, Any]
) -> CityReached:
    city, names = values["all_services"], kind_names()
    wards = _wards(values["wards"], set(city.get("unranked") or ()), legal_day)
    return CityReached(
        legal_day=legal_day,
        released_on=released_on,
        revision=revision,
        told=_share(city),
        kinds=_named(city["kinds"], names),
        not_recorded=_named(values.get("not_recorded", ()), names),
        wards=wards,
        worst=next((ward for ward in wards if ward.code == city["worst"]), None),
        norms=_norms(values["norms"], names),
    )


def _wards(
    values: Mapping[str, Mapping[str, Any]], unranked: set[str], on: dt.date
) -> tuple[WardTold, ...]:
    """Return the wards of which something is known, those served worst first."""
    units = PublicUnit.objects.known_now().valid_on(on)
    column = "full_name_en" if (get_language() or "").startswith("en") else "full_name"
    rows = units.filter(level=UnitLevel.WARD, code__in=list(values)).order_by("valid_from")
    names = {code: name or vi for code, name, vi in rows.values_list("code", column, "full_name")}
    wards = [
        WardTold(code, names.get(code, code), _share(one), code not in unranked)
        for code, one in values.items()
        if one["low"] is not None
    ]
    return tuple(sorted(wards, key=_by_service))


def _by_service(ward: WardTold) -> tuple[Any, ...]:
    return not ward.is_ranked, ward.told.low, ward.told.high, ward.code


def _norms(values: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> tuple[NormTold, ...]:
    rows = {service.id: service for service in services()}
    return tuple(
        NormTold(
            kind=one["kind"],
            kind_name=names.get(one["kind"], one["kind"]),
            norm=one["norm"],
            service=rows.get(one["norm"]),
            state=one["state"],
            told=_share(one),
        )
        for one in values
    )


def _share(one: Mapping[str, Any]) -> ShareTold:
    return ShareTold(one["share"], one["low"], one["high"], one["reason"])


def _named(codes: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
    order = {code: place for place, code in enumerate(names)}
    return tuple(names.get(code, code) for code in sorted(codes, key=lambda one: order.get(one, 0)))


def summary_values() -> dict[str, Any] | None:
    """Return the city's figures as plain values; None before a run told any."""
    city = city_summary()
    if city is None:
        return None
    return {
        "legal_day": city.legal_day,
        "released_on": city.released_on,
        "revision": city.revision,
        "all_services": {**_values(city.told), "kinds": city.kinds},
        "not_recorded": city.not_recorded,
        "worst": None if city.worst is None else _ward_values(city.worst),
        "wards": [_ward_values(ward) for ward in city.wards],
        "norms": [_norm_values(one) for one in city.norms],
    }


def _values(told: ShareTold) -> dict[str, Any]:
    return {
        "share": told.share,
        "low": told.low,
        "high": told.high,
        "reason": told.reason,
        "text": of_reason(told.reason),
    }


def _ward_values(ward: WardTold) -> dict[str, Any]:
    told = _values(ward.told)
    return {"code": ward.code, "name": ward.name, "is_ranked": ward.is_ranked, **told}


def _norm_values(one: NormTold) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "kind_name": one.kind_name,
        "norm": one.norm,
        "state": one.state,
        "source": one.service.source if one.service else "",
        **_values(one.told),
    }


_SUMMARY = """
    SELECT legal_day, released_on, revision, "values"::text FROM public_reach_summary
"""
