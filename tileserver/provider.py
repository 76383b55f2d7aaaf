"""Who runs the services and how to reach them, as an installation says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

_XLINK = "http://www.w3.org/1999/xlink"


@dataclass(frozen=True)
class Provider:
    """An office. What an installation does not say is empty."""

    name: str
    email: str
    phone: str

    @property
    def can_be_reached(self) -> bool:
        """Whether there is a way to ask somebody."""
        return bool(self.email or self.phone)


def provider() -> Provider:
    """Return who runs this installation."""
    return Provider(
        settings.PROVIDER_NAME or gettext("wfs.provider"),
        settings.PROVIDER_EMAIL,
        settings.PROVIDER_PHONE,
    )


def write_ows(root: etree._Element, ows: Callable[..., etree._Element], *, site: str) -> None:
    """Write the ServiceProvider of OWS Common 1.1 (OGC 06-121r3, 7.4.4) with a writer of its names.

    `site` is the address of the provider's page.
    """
    office = provider()
    made = ows(root, "ServiceProvider")
    ows(made, "ProviderName", office.name)
    ows(made, "ProviderSite").set(f"{{{_XLINK}}}href", site)
    contact = ows(made, "ServiceContact")
    if office.can_be_reached:
        info = ows(contact, "ContactInfo")
        if office.phone:
            ows(ows(info, "Phone"), "Voice", office.phone)
        if office.email:
            ows(ows(info, "Address"), "ElectronicMailAddress", office.email)
