"""What layers have in common: identities, attributes, owners of data."""

from __future__ import annotations

from tileserver.layer import Attribute, Identity, Kind

OPENSTREETMAP = "© OpenStreetMap contributors (ODbL 1.0)"

#: A delivered object: the data set, and the sender's key within it.
DELIVERED = Identity(("dataset", "source_key"))

NAMED = (
    Attribute("name", "v.name", "Tên", "Name"),
    Attribute("name_en", "v.name_en", "Tên tiếng Anh", "English name"),
)

VALIDITY = (
    Attribute(
        "valid_from", "v.valid_from", "Có hiệu lực từ ngày", "Valid from", Kind.DATE, in_tiles=False
    ),
    Attribute(
        "valid_to",
        "v.valid_to",
        "Hết hiệu lực từ ngày",
        "Valid until (that day excluded)",
        Kind.DATE,
        in_tiles=False,
    ),
)

#: Where a delivered object comes from.
ORIGIN = (
    Attribute("dataset", "v.dataset", "Bộ dữ liệu", "Data set", in_tiles=False),
    Attribute(
        "data_date", "v.data_date", "Ngày của dữ liệu", "Data date", Kind.DATE, in_tiles=False
    ),
    *VALIDITY,
)
