"""Sites that can be had, on the hand-checkable city."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import Office
from landdata.models import AdministrativeUnit, Revision
from planning.content import NamedPlot, SiteContent
from planning.models import AvailableSite, SiteStatus
from planning.operations import publish_available_site
from tests.planning.city import TODAY, box, stored
from tests.planning.ground import area


def bureau() -> Office:
    office, _ = Office.objects.get_or_create(
        code="QUY-DAT", defaults={"name_vi": "Trung tâm quỹ đất", "name_en": "Land fund centre"}
    )
    return office


def ward(code: str = "00004", name: str = "Phường Ba Đình", shape: Any = None) -> None:
    """A ward of today around the city."""
    with Revision.open(by=None, why=f"ward {code}") as revision:
        AdministrativeUnit.objects.create(
            code=code,
            level="ward",
            name=name.removeprefix("Phường "),
            name_en=name,
            full_name=name,
            full_name_en=name,
            folded=name,
            tone_folded=name,
            parent_code="01",
            source="test",
            confidence="high",
            valid_from=dt.date(2025, 7, 1),
            from_revision=revision.number,
            **area(box(-2000, -2000, 2000, 2000) if shape is None else shape),
        )


def content(code: str = "HN-01", shape: Any = None, **values: Any) -> SiteContent:
    """A site by its drawn shape, or by its plots."""
    given: dict[str, Any] = {
        "title_vi": "Khu đất thử",
        "title_en": "A site",
        "legal_basis": "Quyết định 12/QĐ-UBND ngày 01/3/2026",
        "status": SiteStatus.FREE,
        "contact_office": bureau(),
    }
    if "plots" not in values:
        given["boundary"] = stored(box(0, 0, 200, 100) if shape is None else shape)
    return SiteContent(code=code, **{**given, **values})


def plots(*numbers: str) -> tuple[NamedPlot, ...]:
    return tuple(NamedPlot("00004", "12", 500, number) for number in numbers)


def publish(*args: Any, on: dt.date = TODAY, **values: Any) -> AvailableSite:
    """Publish a site as the operator at the machine."""
    return publish_available_site(content(*args, **values), by=None, on=on)
