"""From the parser's tree of a filter (OGC 09-026r2) to conditions of the feature engine."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gisserver.parsers import fes20
from gisserver.parsers.fes20 import operators as op

from landdata.errors import Invalid
from tileserver.features import conditions as c
from tileserver.features import ground
from tileserver.features.values import attribute, read
from tileserver.sight import layer_in_sight
from tileserver.wfs.names import SHAPE, feature_id, layer_of
from tileserver.wfs.nodes import NamedFeature, ShapeNode, TimeNode

if TYPE_CHECKING:
    from tileserver.layer import Attribute, Layer

_OPERATORS = {
    op.BinaryComparisonName.PropertyIsEqualTo: "=",
    op.BinaryComparisonName.PropertyIsNotEqualTo: "<>",
    op.BinaryComparisonName.PropertyIsLessThan: "<",
    op.BinaryComparisonName.PropertyIsGreaterThan: ">",
    op.BinaryComparisonName.PropertyIsLessThanOrEqualTo: "<=",
    op.BinaryComparisonName.PropertyIsGreaterThanOrEqualTo: ">=",
}
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
#: BBOX and Intersects are one to the library: both ask what a shape meets.
_RELATIONS = {
    op.SpatialOperatorName.Intersects: c.Relation.INTERSECTS,
    op.SpatialOperatorName.Equals: c.Relation.EQUALS,
    op.SpatialOperatorName.Disjoint: c.Relation.DISJOINT,
    op.SpatialOperatorName.Touches: c.Relation.TOUCHES,
    op.SpatialOperatorName.Crosses: c.Relation.CROSSES,
    op.SpatialOperatorName.Within: c.Relation.WITHIN,
    op.SpatialOperatorName.Contains: c.Relation.CONTAINS,
    op.SpatialOperatorName.Overlaps: c.Relation.OVERLAPS,
}
#: Metres in each unit (OGC 09-026r2 clause 7.8.3.3 leaves the list to the service).
UNITS = {
    "m": Decimal(1),
    "metre": Decimal(1),
    "meter": Decimal(1),
    "meters": Decimal(1),
    "metres": Decimal(1),
    "urn:ogc:def:uom:epsg::9001": Decimal(1),
    "http://www.opengis.net/def/uom/ogc/1.0/metre": Decimal(1),
    "km": Decimal(1000),
    "kilometre": Decimal(1000),
    "kilometer": Decimal(1000),
    "kilometers": Decimal(1000),
    "kilometres": Decimal(1000),
}
#: Farther than this from anything, the whole city is near.
_FARTHEST_M = 1_000_000


def condition(predicate: Any, layer: Layer) -> c.Condition:
    """Return what a predicate asks of a layer. Raises Invalid for what cannot be answered."""
    if isinstance(predicate, op.BinaryLogicOperator):
        parts = tuple(condition(part, layer) for part in predicate.operands)
        is_all = predicate.operatorType is op.BinaryLogicType.And
        return c.All(parts) if is_all else c.Any(parts)
    if isinstance(predicate, op.UnaryLogicOperator):
        return c.Not(condition(predicate.operands, layer))
    if isinstance(predicate, op.IdOperator):
        return identified([node.rid for node in predicate.id], layer)
    if isinstance(predicate, op.SpatialOperator):
        return _spatial(predicate, layer)
    if isinstance(predicate, op.TemporalOperator):
        return _temporal(predicate, layer)
    return _comparison(predicate, layer)


def identified(names: list[str], layer: Layer) -> c.Condition:
    """Return the condition that a feature has one of these names.

    A name of no type finds nothing; one of another type is refused (OGC 09-025r2 7.9.2.4.1).
    """
    own: list[str] = []
    for name in names:
        kind, dot, identity = feature_id(name).partition(".")
        if kind == layer.id and dot:
            own.append(identity)
        elif layer_in_sight(kind):
            raise Invalid("wfs_name_of_other_type", name=name[:80], type=layer.id)
    return c.Identified(tuple(own)) if own else c.Nothing()


def named_layer(name: str) -> Layer | None:
    """Return the layer that a feature's name begins with, None for a name of no type."""
    return layer_in_sight(feature_id(name).partition(".")[0])


def property_name(path: str | None, layer: Layer) -> str:
    """Return the name of the attribute, or `shape`, that an XPath means; only its steps count.

    `number`, `diado:number`, `parcels/number` and `//diado:number` are one. Raises Invalid.
    """
    steps = [step for step in (path or "").strip().split("/") if step not in ("", ".")]
    if not steps or len(steps) > 2 or any(sign in steps[-1] for sign in "[]()@*"):
        raise Invalid("wfs_path_unknown", path=(path or "")[:80])
    if len(steps) > 1 and layer_of(steps[0]).id != layer.id:
        raise Invalid("wfs_path_unknown", path=(path or "")[:80])
    local = steps[-1].rpartition(":")[2]
    return local if local == SHAPE else attribute(layer, local).name


def _comparison(predicate: Any, layer: Layer) -> c.Condition:
    if isinstance(predicate, op.BinaryComparisonOperator):
        left, right = predicate.expression
        sign = _OPERATORS[predicate.operatorType]
        if isinstance(left, fes20.Literal):
            left, right, sign = right, left, _TURNED.get(sign, sign)
        of = _attribute(left, layer)
        matches_case = str(predicate.matchCase).lower() not in ("false", "0")
        return c.Compare(of.name, sign, read(of, _text(right)), match_case=matches_case)
    if isinstance(predicate, op.BetweenComparisonOperator):
        of = _attribute(predicate.expression, layer)
        low, high = (
            read(of, _text(end)) for end in (predicate.lowerBoundary, predicate.upperBoundary)
        )
        return c.Between(of.name, low, high)
    if isinstance(predicate, op.LikeOperator):
        of = _attribute(predicate.expression[0], layer)
        signs = (predicate.wildCard, predicate.singleChar, predicate.escapeChar)
        return c.Like(of.name, _pattern(_text(predicate.expression[1]), *signs))
    if isinstance(predicate, op.NilOperator | op.NullOperator):
        reference = _reference(predicate.expression)
        name = property_name(reference, layer)
        return c.IsNull(c.GEOMETRY if name == SHAPE else name)
    raise Invalid("wfs_operator_unknown", name=type(predicate).__name__)


def _reference(expression: Any) -> str | None:
    if not isinstance(expression, fes20.ValueReference):
        raise Invalid("wfs_expression_unknown", name=type(expression).__name__)
    path: str | None = expression.xpath
    return path


def _attribute(expression: Any, layer: Layer) -> Attribute:
    name = property_name(_reference(expression), layer)
    if name == SHAPE:
        raise Invalid("wfs_shape_compared")
    return attribute(layer, name)


def _text(expression: Any) -> str:
    if not isinstance(expression, fes20.Literal):
        raise Invalid("wfs_expression_unknown", name=type(expression).__name__)
    if expression.raw_value is not None and not isinstance(expression.raw_value, str):
        raise Invalid("wfs_shape_compared")
    return expression.raw_value or ""


def _pattern(text: str, wild: str, single: str, escape: str) -> str:
    r"""Return a pattern in the words of SQL.

    >>> _pattern("50% of a!*?*", "*", "?", "!")
    '50\\% of a*_%'
    """
    if any(len(sign) > 1 for sign in (wild, single, escape)) or wild == single != "":
        raise Invalid("wfs_like_signs")
    made: list[str] = []
    signs = iter(text)
    for sign in signs:
        if escape and sign == escape:
            plain = next(signs, None)
            if plain is None:
                raise Invalid("feature_pattern_unfinished", name=text[:40])
            made.append(f"\\{plain}" if plain in "%_\\" else plain)
        elif wild and sign == wild:
            made.append("%")
        elif single and sign == single:
            made.append("_")
        else:
            made.append(f"\\{sign}" if sign in "%_\\" else sign)
    return "".join(made)


def _spatial(predicate: Any, layer: Layer) -> c.Condition:
    if isinstance(predicate, op.DistanceOperator):
        _check_geometry(predicate.valueReference, layer)
        shape = _shape(predicate.geometry)
        is_within = predicate.operatorType is op.DistanceOperatorName.DWithin
        return c.Near(shape, _metres(predicate.distance), is_within=is_within)
    _check_geometry(predicate.operand1, layer)
    node = predicate.operand2
    relation = _RELATIONS[predicate.operatorType]
    if isinstance(node, ShapeNode) and node.is_box and relation is c.Relation.INTERSECTS:
        return ground.box(node.system, node.shape.bounds)
    return c.Spatial(relation, _shape(node))


def _check_geometry(reference: Any, layer: Layer) -> None:
    """Refuse an operand that is not the type's shape; without one it is meant."""
    if reference is None:
        return
    if property_name(_reference(reference), layer) != SHAPE:
        raise Invalid("wfs_not_a_shape", name=str(reference)[:80])


def _shape(node: Any) -> Any:
    if not isinstance(node, ShapeNode):
        raise Invalid("wfs_expression_unknown", name=type(node).__name__)
    return ground.stored(node.system, node.east_north())


def _metres(measure: Any) -> float:
    unit = UNITS.get(str(measure.uom).strip().lower())
    if unit is None:
        raise Invalid("wfs_unit_unknown", unit=str(measure.uom)[:40])
    if not measure.value.is_finite() or not 0 <= measure.value * unit <= _FARTHEST_M:
        raise Invalid("wfs_distance", most=_FARTHEST_M)
    return float(measure.value * unit)


def _temporal(predicate: Any, layer: Layer) -> c.Condition:
    """Return a comparison with a moment or a period; ISO 19108 5.2.3.5: an end is not during it."""
    of = _attribute(predicate.operand1, layer)
    if of.kind.value != "date":
        raise Invalid("wfs_not_a_time", name=of.name)
    node = predicate.operand2
    if not isinstance(node, TimeNode):
        raise Invalid("wfs_expression_unknown", name=type(node).__name__)
    begin, end = read(of, node.begin), read(of, node.end)
    name = predicate.operatorType
    names = op.TemporalOperatorName
    if name is names.After:
        return c.Compare(of.name, ">", end)
    if name is names.Before:
        return c.Compare(of.name, "<", begin)
    if name is names.TEquals and node.is_instant:
        return c.Compare(of.name, "=", begin)
    if node.is_instant:
        raise Invalid("wfs_operator_unknown", name=f"{name.name} gml:TimeInstant")
    if name is names.Begins:
        return c.Compare(of.name, "=", begin)
    if name is names.During:
        return c.All((c.Compare(of.name, ">", begin), c.Compare(of.name, "<", end)))
    if name is names.AnyInteracts:
        return c.Between(of.name, begin, end)
    raise Invalid("wfs_operator_unknown", name=f"{name.name} gml:TimePeriod")


__all__ = ["NamedFeature", "condition", "identified", "named_layer", "property_name"]
