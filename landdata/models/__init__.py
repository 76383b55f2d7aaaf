"""What is there."""

from landdata.models.changed_area import AwaitedDay, ChangedArea
from landdata.models.coverage import (
    PARTITION_THEMES,
    RESTRICTION_THEMES,
    SourceHealth,
    Theme,
    ThemeCoverage,
)
from landdata.models.dataset import Dataset, SourceFile
from landdata.models.facilities import Building, Facility, HazardSite, ProtectedSite
from landdata.models.feature import (
    AreaFeature,
    DeliveredFeature,
    LineFeature,
    NamedFeature,
)
from landdata.models.land_use import LandUseCode
from landdata.models.networks import (
    Dyke,
    NetworkNode,
    OneWay,
    Pipeline,
    PowerLine,
    Railway,
    RoadSegment,
    WaterBody,
)
from landdata.models.parcels import (
    UNDETERMINED,
    CadastralSheet,
    GeometryState,
    Parcel,
    ParcelAlias,
    ParcelLandUse,
    ParcelVersion,
)
from landdata.models.population import CountMethod, Population
from landdata.models.public import (
    PublicLandUseCode,
    PublicParcel,
    PublicParcelAlias,
    PublicParcelLandUse,
    PublicRevision,
    PublicSourceHealth,
    PublicThemeCoverage,
    PublicUnit,
)
from landdata.models.raster import Raster, RasterKind
from landdata.models.revision import Revision, Revisioned, RevisionedQuerySet
from landdata.models.units import AdministrativeUnit, SuccessionKind, UnitLevel, UnitSuccession

__all__ = [
    "PARTITION_THEMES",
    "RESTRICTION_THEMES",
    "UNDETERMINED",
    "AdministrativeUnit",
    "AreaFeature",
    "AwaitedDay",
    "Building",
    "CadastralSheet",
    "ChangedArea",
    "CountMethod",
    "Dataset",
    "DeliveredFeature",
    "Dyke",
    "Facility",
    "GeometryState",
    "HazardSite",
    "LandUseCode",
    "LineFeature",
    "NamedFeature",
    "NetworkNode",
    "OneWay",
    "Parcel",
    "ParcelAlias",
    "ParcelLandUse",
    "ParcelVersion",
    "Pipeline",
    "Population",
    "PowerLine",
    "ProtectedSite",
    "PublicLandUseCode",
    "PublicParcel",
    "PublicParcelAlias",
    "PublicParcelLandUse",
    "PublicRevision",
    "PublicSourceHealth",
    "PublicThemeCoverage",
    "PublicUnit",
    "Railway",
    "Raster",
    "RasterKind",
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
