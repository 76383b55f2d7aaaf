"""Where MapServer's layers read: one statement each, as the restricted role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tileserver.layer import Shape, in_both_times
from tileserver.mapserver.mapfile.twins import denominator
from tileserver.passes import number_of_passes, passes
from tileserver.style import AtLeast, Condition, Is, Place, resolution

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tileserver.layer import Layer
from tileserver.mapserver.mapfile.twins import Twin

#: Columns of every statement: the number of the rule that a row meets, and its letters.
RULE, LETTERS_COLUMN = "rule_met", "letters"
#: Column of a statement on pictures: where the shaded copy lies.
FILE_COLUMN = "file"
#: Stand for the condition of the scale that is drawn at, and for the size of a pixel.
_THINNED, _PIXEL = "%thinned%", "%pixel%"
#: In how many steps a zoom is divided for the size of a pixel.
_PIXEL_STEPS = 4

_DAY = "'%as_of%'"
_REVISION = "%known_at%"
_DRAFTS = "'{%drafts%}'::bigint[]"
# POSIX expressions: MapServer knows no \d.
_VALIDATION = """    VALIDATION
      "as_of" "^[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]$"
      "known_at" "^[0-9]+$"
      "drafts" "^[0-9]+(,[0-9]+)*$"
      "row" "^[0-9]+$"
    END"""


def width_column(attribute: str, added_px: float = 0) -> str:
    """Return the column that holds a width in units of the system, with so many pixels more."""
    return f"{attribute}_drawn_{added_px:g}".replace(".", "_")


def source(layer: Layer, twin: Twin, connection: str, condition: str) -> list[str]:
    """Return the lines of a LAYER that say where it reads; `condition` is SQL or empty.

    Rows come in one order, whatever way the database finds them: which of two names that want one
    place is drawn depends on it, and a picture must be the same each time.
    """
    rows = _rows(layer, condition)
    if layer.shape is not Shape.LINE:
        columns = _columns(layer, twin)
        return _reading(layer, twin, connection, f"SELECT {columns} {rows} ORDER BY v.id")
    # The first rule lies highest, so its rows come last.
    columns = _columns(layer, twin, rule_as="rule_number")
    statement = (
        f"SELECT r.*, {_met_in_pass(layer)} AS {RULE} FROM (SELECT {columns} {rows}) r"  # noqa: S608 - our own list
        f" CROSS JOIN generate_series(1, {number_of_passes(layer)}) AS p (number)"
        " ORDER BY p.number, r.rule_number DESC, r.id"
    )
    return _reading(layer, twin, connection, statement)


def _met_in_pass(layer: Layer) -> str:
    return "r.rule_number" if number_of_passes(layer) == 1 else "r.rule_number || '.' || p.number"


def letters_source(layer: Layer, twin: Twin, connection: str) -> list[str]:
    """Return the same for the letters alone: pieces of one name that touch are one line.

    A street is stored in pieces between junctions, each too short for its name. Joined are only
    the pieces in the picture.
    """
    along = any(
        rule.label is not None and rule.label.place is Place.ALONG for rule in layer.style.rules
    )
    if not along:
        return source(layer, twin, connection, "")
    near = f"v.{twin.column(layer)} && !BOX!"
    statement = (
        f"SELECT row_number() OVER (ORDER BY {RULE}, {LETTERS_COLUMN}, (line).path) AS id,"  # noqa: S608 - our own list
        f" {RULE}, {LETTERS_COLUMN}, (line).geom AS shape FROM (SELECT {RULE}, {LETTERS_COLUMN},"
        " ST_Dump(ST_LineMerge(ST_CollectionExtract(ST_Collect(shape ORDER BY id), 2))) AS line"
        f" FROM (SELECT {_columns(layer, twin, letters_only=True)} {_rows(layer, near)}) AS pieces"
        f" WHERE {LETTERS_COLUMN} <> '' GROUP BY {RULE}, {LETTERS_COLUMN}) AS lines ORDER BY 1"
    )
    return _reading(layer, twin, connection, statement)


def files_source(layer: Layer, twin: Twin, connection: str) -> list[str]:
    """Return where the files of a picture are read from: those that hold at the asked times."""
    path = " || ".join(
        (
            f"'{settings.RELIEF}/'",
            *("v.file_sha256", "'-'", "v.epsg", "'-'", "v.unit"),
            f"'-{twin.epsg}.tif'",
        )
    )
    columns = f"v.id, v.{twin.column(layer)} AS shape, {path} AS {FILE_COLUMN}"
    return _reading(layer, twin, connection, f"SELECT {columns} {_rows(layer, '')} ORDER BY v.id")


def row_source(layer: Layer, twin: Twin, connection: str) -> list[str]:
    """Return where one row is read, whose id a request gives."""
    statement = f"SELECT v.id, v.{twin.column(layer)} AS shape FROM {layer.view} v"  # noqa: S608 - our own list
    return _reading(layer, twin, connection, f"{statement} WHERE v.id = %row%")


def scale_tokens(layer: Layer) -> list[str]:
    """Return what MapServer fills into the statement by itself, from the scale that it draws at.

    The condition of each range of scales, as vector tiles have it, and the size of a pixel, to an
    eighth: MapServer cannot add pixels to a width in metres.
    """
    lines = []
    if layer.thinned:
        values = {0: "true"}
        for zoom in sorted({thinned.zoom for thinned in layer.thinned}, reverse=True):
            # Half a zoom below, the next coarser level of a grid begins.
            condition = " AND ".join(t.condition for t in layer.thinned if t.zoom >= zoom)
            values[denominator(zoom - 0.5)] = condition
        lines += _token(_THINNED, values)
    if _widths(layer):
        steps = [layer.min_zoom + step / _PIXEL_STEPS for step in range(_PIXEL_STEPS * 14, 0, -1)]
        sizes = {0: resolution(steps[0])} | {
            denominator(zoom + 0.5 / _PIXEL_STEPS): resolution(zoom) for zoom in steps
        }
        lines += _token(_PIXEL, {at: f"{size:.4g}" for at, size in sizes.items()})
    return lines


def _token(name: str, values: Mapping[int, str]) -> list[str]:
    return [
        "    SCALETOKEN",
        f'      NAME "{name}"',
        "      VALUES",
        *(f'        "{scale}" "{value}"' for scale, value in values.items()),
        "      END",
        "    END",
    ]


def connection_string(database: Mapping[str, Any]) -> str:
    """Return libpq's connection string for a database of Django's settings.

    Raises ImproperlyConfigured for a value that a mapfile cannot hold.
    """
    values = {
        "host": database["HOST"],
        "port": database["PORT"],
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        # Compiling a statement took 340 ms where running it took 5.
        "options": f"{database.get('OPTIONS', {}).get('options', '')} -c jit=off".strip(),
        "application_name": "diado-mapserver",
    }
    parts = []
    for name, value in values.items():
        text = str(value)
        if any(letter in text for letter in "\"%\n\r\\'"):
            raise ImproperlyConfigured(f"MapServer cannot be given this value: {name}")
        if text:
            parts.append(f"{name}='{text}'")
    return " ".join(parts)


def rule_sql(layer: Layer) -> str:
    """Return SQL for the number of the rule that a row meets, -1 where it meets none."""
    cases = []
    for number, rule in enumerate(layer.style.rules):
        met = " AND ".join(_condition(layer, condition) for condition in rule.when) or "true"
        cases.append(f"WHEN {met} THEN {number}")
    return f"CASE {' '.join(cases)} ELSE -1 END"


def _condition(layer: Layer, condition: Condition) -> str:
    value = _sql_of(layer, condition.attribute)
    match condition:
        case Is():
            listed = ", ".join(f"'{text}'" for text in condition.values)
            return f"({value}) IN ({listed})"
        case AtLeast():
            return f"({value}) >= {condition.least:g}"


def _columns(layer: Layer, twin: Twin, *, letters_only: bool = False, rule_as: str = RULE) -> str:
    columns = ["v.id", f"v.{twin.column(layer)} AS shape", f"{rule_sql(layer)} AS {rule_as}"]
    labels = {rule.label.attribute for rule in layer.style.rules if rule.label is not None}
    if labels:
        columns.append(f"{_letters(layer)} AS {LETTERS_COLUMN}")
    if letters_only:
        return ", ".join(columns)
    for name in sorted(layer.style.colour_attributes):
        columns.append(f"{_sql_of(layer, name)} AS {name}")
    for name, added_px in _widths(layer):
        # MapServer would draw nothing where the data have no width.
        width = f"coalesce({_sql_of(layer, name)}, 0) * {twin.stretch(layer)}"
        if added_px:
            width += f" + {added_px:g} * {_PIXEL}"
        columns.append(f"{width} AS {width_column(name, added_px)}")
    return ", ".join(columns)


def _letters(layer: Layer) -> str:
    cases = [
        f"WHEN {number} THEN {_sql_of(layer, rule.label.attribute)}"
        for number, rule in enumerate(layer.style.rules)
        if rule.label is not None
    ]
    if len({case.split(" THEN ")[1] for case in cases}) == 1:
        return cases[0].split(" THEN ")[1]
    return f"CASE {rule_sql(layer)} {' '.join(cases)} END"


def _widths(layer: Layer) -> list[tuple[str, float]]:
    """Return the widths that are read: the attribute, and the pixels that are added."""
    strokes = (s for rule in layer.style.rules for done in passes(rule) for s in done)
    return sorted(
        {(s.part.width_from, s.added_px) for s in strokes if s.part.width_from is not None}
    )


def _sql_of(layer: Layer, name: str) -> str:
    return next(a.sql for a in layer.attributes if a.name == name)


def _rows(layer: Layer, condition: str) -> str:
    thinned = _THINNED if layer.thinned else ""
    conditions = [*layer.conditions(), condition, thinned, "{known:v}", "{valid:v}"]
    return f"FROM {layer.view} v {layer.joins} WHERE {' AND '.join(c for c in conditions if c)}"


def _reading(layer: Layer, twin: Twin, connection: str, statement: str) -> list[str]:
    sql = in_both_times(statement, known=_REVISION, day=_DAY, drafts=_DRAFTS).replace('"', '\\"')
    return [
        "    CONNECTIONTYPE POSTGIS",
        f'    CONNECTION "{connection}"',
        '    PROCESSING "CLOSE_CONNECTION=DEFER"',
        f'    DATA "shape FROM ({sql}) AS t USING UNIQUE id USING SRID={twin.srid}"',
        _VALIDATION,
        *labelled_system(layer, twin),
    ]


def labelled_system(layer: Layer, twin: Twin) -> list[str]:
    """Return the lines of a LAYER that say in which system it lies."""
    return [
        "    PROJECTION",
        f'      "init=epsg:{twin.epsg}"',
        "    END",
        "    METADATA",
        f'      "ows_title" "{layer.title_en}"',
        f'      "wms_srs" "EPSG:{twin.epsg}"',
        "    END",
    ]
