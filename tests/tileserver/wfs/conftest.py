from __future__ import annotations

import pytest

from tests.ground import add_parcel, square


@pytest.fixture
def street(db):
    """Five plots of 20 m in a row, numbers 1 to 5, the third without an area."""
    return [
        add_parcel(
            str(n),
            square(590000 + 20 * n, 2325000),
            legal_area_m2=None if n == 3 else 100 * n,
            address="Đội Cấn" if n % 2 else "Liễu Giai",
        )
        for n in range(1, 6)
    ]
