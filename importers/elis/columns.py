"""Mapping profiles: what a sender calls our columns. The only place that knows their names.

A profile is versioned, because a delivery is read by it and its report names it: the same file
must still be explicable after the next change here. Names are compared without regard to case.
Source: fixtures/reference and public ELIS exports; ArcSDE layer sde.THUADAT.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from landdata.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Profile:
    """How one kind of sender names columns.

    `columns`: ours → theirs, the first that is there is taken. `personal` never leave the reader.
    `unit_offset` is what the sender adds to the code of a commune.
    """

    name: str
    version: int
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    personal: frozenset[str]
    unit_offset: int

    @property
    def title(self) -> str:
        """Return name and version as reports show them."""
        return f"{self.name}/{self.version}"

    def wanted(self) -> list[str]:
        """Return every name of theirs that we may take."""
        return [theirs for names in self.columns.values() for theirs in names]

    def map(self, present: Sequence[str]) -> ColumnMap:
        """Sort the columns of a file into taken, dropped at the door and ignored.

        Raises Invalid `columns_missing` if a required one is not there.
        """
        upper = {name.upper(): name for name in present}
        taken: dict[str, str] = {}
        for ours, names in self.columns.items():
            found = next((theirs for theirs in names if theirs in upper), None)
            if found is not None:
                taken[ours] = found
        missing = [self.columns[ours][0] for ours in self.required if ours not in taken]
        if missing:
            raise Invalid("columns_missing", missing=", ".join(missing), profile=self.title)
        return ColumnMap(
            taken=taken,
            personal=[shown for name, shown in upper.items() if name in self.personal],
            ignored=[
                shown
                for name, shown in upper.items()
                if name not in self.personal and name not in taken.values()
            ],
        )


@dataclass(frozen=True)
class ColumnMap:
    """What became of each column of a file; `taken` is ours → theirs in capitals."""

    taken: dict[str, str]
    personal: list[str]
    ignored: list[str]


#: Names of people, their papers and how to reach them, in every spelling seen.
_PERSONAL: Final = frozenset(
    {
        "TENCHU", "TENCHU1", "TENCHU2", "TEN_CHU", "CHU", "CHUSUDUNG", "CHUSOHUU", "CHUSD",
        "TENVO", "TENCHONG", "HOTEN", "HO_TEN", "NGUOISD", "NGUOISUDUN", "SODINHDANH", "SODINHDAN1",
        "CCCD", "CMND", "SOCCCD", "SOCMND", "SOGIAYTO", "NGAYSINH", "NAMSINH", "DIENTHOAI", "SDT",
        "EMAIL", "DIACHICHU", "DTSD",
    }
)  # fmt: skip

ELIS: Final = Profile(
    name="elis",
    version=2,
    columns={
        "unit": ("KVHC_ID",),
        "sheet": ("SOTO",),
        "scale": ("TYLE",),
        "number": ("SOTHUA",),
        "area_measured": ("DIENTICH",),
        "area_legal": ("DTPHAPLY", "DIENTICHPL"),
        "land_uses": ("LOAIDAT",),
        "address": ("DIACHI",),
        "national_id": ("MADINHDANH",),
        "old_unit": ("KVHCCU_ID",),
        "old_sheet": ("SOTOCU",),
        "old_number": ("SOTHUACU",),
    },
    required=("unit", "sheet", "scale", "number"),
    personal=_PERSONAL,
    unit_offset=100_000,
)

PROFILES: Final[Mapping[str, Profile]] = {"elis": ELIS}
