"""What shall be."""

from planning.models.annual_plan import (
    AnnualLandUsePlan,
    ItemKind,
    ItemStatus,
    LandUsePlanItem,
    LandUsePlanItemParcel,
)
from planning.models.available_site import (
    AreaSource,
    AvailableSite,
    AvailableSiteParcel,
    AvailableSiteUse,
    SiteShape,
    SiteStatus,
)
from planning.models.background import RunState
from planning.models.circumstance import ZoneCircumstance
from planning.models.conflict import (
    Conflict,
    ConflictEvent,
    ConflictEventKind,
    ConflictFinding,
    ConflictRun,
    ConflictState,
    PrecedenceDecision,
    RunKind,
)
from planning.models.control_line import ControlLine, ControlLineKind
from planning.models.corridor_rule import CorridorRule
from planning.models.draft_edit import (
    DraftEdit,
    DraftFault,
    DraftPresence,
    DraftVariant,
    DraftZoneState,
    EditAction,
    FaultKind,
)
from planning.models.function import PlanFunction
from planning.models.plan import (
    THEME_OF_LEVEL,
    Adjustment,
    Plan,
    PlanLevel,
    PlanStatus,
    PlanTerritory,
    PlanVersion,
)
from planning.models.plot_share import PlotShare, PlotShareState
from planning.models.public import (
    PublicCorridorRule,
    PublicPlanFunction,
    PublicPlanTerritory,
    PublicPlanVersion,
    PublicZone,
)
from planning.models.published_conflict import ConflictSummary, PublishedConflict
from planning.models.published_reach import (
    PublishedArea,
    PublishedReach,
    ReachRing,
    ReachSummary,
)
from planning.models.reach import CoverageFigure, CoverageRun
from planning.models.safety_corridor import CorridorPart, SafetyCorridor
from planning.models.scenario import ChangeAction, Scenario, ScenarioChange
from planning.models.siting import SiteSource, SitingCandidate, SitingModel, SitingRun
from planning.models.zone import CONTENT_FIELDS, DraftZone, Zone, ZoneContent

__all__ = [
    "CONTENT_FIELDS",
    "THEME_OF_LEVEL",
    "Adjustment",
    "AnnualLandUsePlan",
    "AreaSource",
    "AvailableSite",
    "AvailableSiteParcel",
    "AvailableSiteUse",
    "ChangeAction",
    "Conflict",
    "ConflictEvent",
    "ConflictEventKind",
    "ConflictFinding",
    "ConflictRun",
    "ConflictState",
    "ConflictSummary",
    "ControlLine",
    "ControlLineKind",
    "CorridorPart",
    "CorridorRule",
    "CoverageFigure",
    "CoverageRun",
    "DraftEdit",
    "DraftFault",
    "DraftPresence",
    "DraftVariant",
    "DraftZone",
    "DraftZoneState",
    "EditAction",
    "FaultKind",
    "ItemKind",
    "ItemStatus",
    "LandUsePlanItem",
    "LandUsePlanItemParcel",
    "Plan",
    "PlanFunction",
    "PlanLevel",
    "PlanStatus",
    "PlanTerritory",
    "PlanVersion",
    "PlotShare",
    "PlotShareState",
    "PrecedenceDecision",
    "PublicCorridorRule",
    "PublicPlanFunction",
    "PublicPlanTerritory",
    "PublicPlanVersion",
    "PublicZone",
    "PublishedArea",
    "PublishedConflict",
    "PublishedReach",
    "ReachRing",
    "ReachSummary",
    "RunKind",
    "RunState",
    "SafetyCorridor",
    "Scenario",
    "ScenarioChange",
    "SiteShape",
    "SiteSource",
    "SiteStatus",
    "SitingCandidate",
    "SitingModel",
    "SitingRun",
    "Zone",
    "ZoneCircumstance",
    "ZoneContent",
]
