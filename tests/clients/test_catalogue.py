"""Every address that the catalogue names leads somewhere, in the installation that names it."""

from __future__ import annotations

import json
import urllib.request

import pytest
from lxml import html

from tileserver.layers import MAP_LAYERS


def fetched(address: str) -> tuple[int, str, bytes]:
    """The status, the media type and the content of what lies at an address."""
    with urllib.request.urlopen(address, timeout=60) as answer:
        return answer.status, answer.headers.get_content_type(), answer.read()


@pytest.fixture(scope="module")
def catalogue(small_city):
    return json.loads(fetched(f"{small_city.url}/layers/dcat.json")[2])


def test_every_service_is_described_where_the_catalogue_says(catalogue):
    kinds = {
        service["dcat:endpointDescription"]["@id"]: fetched(
            service["dcat:endpointDescription"]["@id"]
        )
        for service in catalogue["dcat:service"]
    }

    assert len(kinds) == 4
    for address, (status, media, content) in kinds.items():
        assert status == 200, address
        assert media in ("text/xml", "application/xml", "application/vnd.oai.openapi+json")
        assert b"Exception" not in content[:500], address


def test_every_layer_goes_out_where_the_catalogue_says(catalogue):
    found = {
        distribution["dcat:accessURL"]["@id"]
        for dataset in catalogue["dcat:dataset"]
        for distribution in dataset["dcat:distribution"]
        # Those services are asked with parameters; their descriptions are looked at above.
        if not distribution["@id"].endswith(("#wms", "#wfs"))
    }

    for address in sorted(found):
        assert fetched(address)[0] == 200, address


def test_the_table_of_a_layer_is_one_that_spreadsheets_read(small_city, catalogue):
    (water,) = [d for d in catalogue["dcat:dataset"] if d["dct:identifier"] == "water"]
    (table,) = [d for d in water["dcat:distribution"] if d["@id"].endswith("#csv")]

    _, media, content = fetched(table["dcat:downloadURL"]["@id"])

    assert media == "text/csv"
    # Excel takes a file for UTF-8 by its first bytes only.
    assert content.startswith(b"\xef\xbb\xbf")
    assert "Hồ Thử" in content.decode("utf-8-sig")


@pytest.mark.parametrize("layer", MAP_LAYERS, ids=lambda layer: layer.id)
def test_every_link_on_the_page_of_a_layer_leads_somewhere(small_city, layer):
    page = html.fromstring(fetched(f"{small_city.url}/layers/{layer.id}/")[2].decode())

    links = {link.get("href", "") for link in page.iter("a")}
    links = {link for link in links if link.startswith("/") and not link.startswith("/sign-in/")}
    assert f"/layers/{layer.id}.qlr?lang=vi" in links
    for link in links:
        assert fetched(f"{small_city.url}{link}")[0] == 200, link
