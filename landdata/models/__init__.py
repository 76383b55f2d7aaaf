"""What is there."""

from landdata.models.background import RoadSegment, WaterBody
from landdata.models.changed_area import ChangedArea
from landdata.models.coverage import SourceHealth, Theme, ThemeCoverage
from landdata.models.dataset import Dataset, SourceFile
from landdata.models.land_use import LandUseCode
from landdata.models.parcels import (
    UNDETERMINED,
    CadastralSheet,
    GeometryState,
    Parcel,
    ParcelLandUse,
    ParcelVersion,
)
from landdata.models.public import (
    PublicLandUseCode,
    PublicParcel,
    PublicParcelLandUse,
    PublicRevision,
    PublicSourceHealth,
    PublicThemeCoverage,
    PublicUnit,
)
from landdata.models.revision import Revision, Revisioned, RevisionedQuerySet
from landdata.models.units import AdministrativeUnit, SuccessionKind, UnitLevel, UnitSuccession

__all__ = [
    "UNDETERMINED",
    "AdministrativeUnit",
    "CadastralSheet",
    "ChangedArea",
    "Dataset",
    "GeometryState",
    "LandUseCode",
    "Parcel",
    "ParcelLandUse",
    "ParcelVersion",
    "PublicLandUseCode",
    "PublicParcel",
    "PublicParcelLandUse",
    "PublicRevision",
    "PublicSourceHealth",
    "PublicThemeCoverage",
    "PublicUnit",
    "Revision",
    "Revisioned",
    "RevisionedQuerySet",
    "RoadSegment",
    "SourceFile",
    "SourceHealth",
    "SuccessionKind",
    "Theme",
    "ThemeCoverage",
    "UnitLevel",
    "UnitSuccession",
    "WaterBody",
]
