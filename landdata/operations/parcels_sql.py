"""The statements of landdata/operations/parcels.py, in the order in which they run."""

from __future__ import annotations

from typing import Final

from landdata.models import UNDETERMINED


def _says_something(number: str) -> str:
    """Return the condition under which a text of a register is a number at all."""
    return f"upper({number}) <> '{UNDETERMINED}' AND {number} ~ '[^0]'"


STAGING: Final = """
DROP TABLE IF EXISTS arriving;
CREATE TEMPORARY TABLE arriving (
    "row" bigint NOT NULL,
    unit_code text NOT NULL,
    sheet text NOT NULL,
    scale integer NOT NULL,
    number text NOT NULL,
    national_id text NOT NULL,
    legal_area_m2 numeric(12, 2),
    address text NOT NULL,
    land_uses text NOT NULL,
    geometry_state text NOT NULL,
    old_unit_code text NOT NULL,
    old_sheets text NOT NULL,
    old_numbers text NOT NULL,
    shape bytea
) ON COMMIT DROP
"""

COPY: Final = "COPY arriving FROM STDIN WITH (FORMAT csv)"

FORGET: Final = """
DROP TABLE IF EXISTS judged, leaving, gone, pairs, standing, arrived, closing, opening,
    old_numbers, old_numbers_closing
"""

#: The fingerprint covers what the sender said of the row, not what we made of it. A row that says
#: no old number has the fingerprint that it had before old numbers were taken.
ARRIVED: Final = """
CREATE TEMPORARY TABLE arrived ON COMMIT DROP AS
SELECT a."row", a.unit_code, a.sheet, a.scale, a.number, a.national_id, s.id AS sheet_id,
    sha256(convert_to(jsonb_build_array(a.unit_code, a.sheet, a.scale, a.number, a.national_id,
        a.legal_area_m2, a.address, a.land_uses, a.geometry_state)::text
        || CASE WHEN a.old_numbers = '' THEN ''
            ELSE jsonb_build_array(a.old_unit_code, a.old_sheets, a.old_numbers)::text END, 'UTF8')
        || coalesce(a.shape, ''::bytea)) AS fingerprint
FROM arriving a
LEFT JOIN landdata_cadastralsheet s
    ON (s.unit_code, s.number, s.scale) = (a.unit_code, a.sheet, a.scale);
ANALYZE arrived
"""

STANDING: Final = """
CREATE TEMPORARY TABLE standing ON COMMIT DROP AS
SELECT v.id, v.parcel_id, v.sheet_id, v.number, v.national_id, v.fingerprint, v.is_disputed,
    v.valid_from
FROM landdata_parcelversion v
WHERE v.to_revision IS NULL AND v.valid_to IS NULL AND (
    v.sheet_id IN (SELECT sheet_id FROM arrived)
    OR v.national_id IN (SELECT national_id FROM arrived WHERE national_id <> ''));
ANALYZE standing
"""

PAIRS: Final = """
CREATE TEMPORARY TABLE pairs ("row" bigint NOT NULL, standing_id bigint NOT NULL, how text NOT NULL)
    ON COMMIT DROP
"""


def _pairing(how: str, shared: str, where: str) -> str:
    """Pair rows that are still alone and share `shared`, the first with the first, and so on."""
    return f"""
WITH ours AS (
    SELECT s.*, row_number() OVER (PARTITION BY {shared} ORDER BY s.id) AS place
    FROM standing s WHERE NOT EXISTS (SELECT FROM pairs p WHERE p.standing_id = s.id)
), theirs AS (
    SELECT a.*, row_number() OVER (PARTITION BY {shared} ORDER BY a."row") AS place,
        count(*) OVER (PARTITION BY {shared}) AS sharing
    FROM arrived a WHERE NOT EXISTS (SELECT FROM pairs p WHERE p."row" = a."row")
)
INSERT INTO pairs
SELECT t."row", o.id, '{how}' FROM theirs t JOIN ours o USING ({shared}, place) WHERE {where}
"""  # noqa: S608  (fixed words of this module)


#: Same content first, so that an unchanged row finds itself; then the number, held to the national
#: identifier where several rows share it; then the identifier alone: the parcel got a new number.
PAIRINGS: Final = (
    _pairing("same", "sheet_id, number, fingerprint", "TRUE"),
    _pairing("number", "sheet_id, number, national_id", "t.national_id <> ''"),
    _pairing("number", "sheet_id, number", f"t.number <> '{UNDETERMINED}'"),
    _pairing(
        "national_id",
        "national_id",
        "t.national_id <> '' AND t.sharing = 1"
        " AND 1 = (SELECT count(*) FROM standing s WHERE s.national_id = t.national_id)",
    ),
)

GONE: Final = """
CREATE TEMPORARY TABLE gone ON COMMIT DROP AS
SELECT s.* FROM standing s
WHERE s.sheet_id IN (SELECT sheet_id FROM arrived)
    AND NOT EXISTS (SELECT FROM pairs p WHERE p.standing_id = s.id)
"""

NOTHING_GONE: Final = """
CREATE TEMPORARY TABLE gone ON COMMIT DROP AS SELECT s.* FROM standing s WHERE FALSE
"""

LEAVING: Final = "CREATE TEMPORARY TABLE leaving ON COMMIT DROP AS SELECT * FROM gone WHERE %s"

#: A number is disputed when several rows claim it, in the delivery or with one that stays. What
#: is not determined is claimed by nobody.
JUDGED: Final = f"""
CREATE TEMPORARY TABLE judged ON COMMIT DROP AS
WITH staying AS (
    SELECT s.sheet_id, s.number, count(*) AS claims FROM standing s
    WHERE NOT EXISTS (SELECT FROM pairs p WHERE p.standing_id = s.id)
        AND NOT EXISTS (SELECT FROM leaving l WHERE l.id = s.id)
    GROUP BY s.sheet_id, s.number
), claimed AS (
    SELECT a.*, a.number <> '{UNDETERMINED}' AND 1 < coalesce(c.claims, 0)
        + count(*) OVER (PARTITION BY a.unit_code, a.sheet, a.scale, a.number) AS is_disputed
    FROM arrived a LEFT JOIN staying c USING (sheet_id, number)
)
SELECT c."row", c.unit_code, c.sheet, c.scale, c.number, c.national_id, c.fingerprint,
    c.is_disputed, p.how, s.id AS standing_id, s.valid_from AS standing_from,
    s.national_id AS standing_national_id, s.number AS standing_number,
    CASE
        WHEN s.id IS NULL THEN 'new'
        WHEN s.fingerprint = c.fingerprint AND s.is_disputed = c.is_disputed THEN 'unchanged'
        ELSE 'changed'
    END AS verdict,
    coalesce(s.parcel_id, gen_random_uuid()) AS parcel_id
FROM claimed c
LEFT JOIN pairs p USING ("row")
LEFT JOIN standing s ON s.id = p.standing_id
"""  # noqa: S608  (fixed words of this module)

FINDINGS: Final = """
SELECT "row", 'number_disputed', number FROM judged WHERE is_disputed
UNION ALL
SELECT "row", 'national_id_moved', standing_national_id || ' → ' || national_id FROM judged
WHERE how = 'number' AND standing_national_id <> '' AND national_id <> standing_national_id
UNION ALL
SELECT "row", 'parcel_renumbered', standing_number || ' → ' || number FROM judged
WHERE how = 'national_id'
UNION ALL
SELECT "row", 'older_than_known', to_char(standing_from, 'YYYY-MM-DD') FROM judged
WHERE verdict = 'changed' AND standing_from > %s
ORDER BY 1, 2
"""

GONE_NAMED: Final = """
SELECT g.parcel_id::text, s.unit_code, s.number, s.scale, g.number
FROM gone g JOIN landdata_cadastralsheet s ON s.id = g.sheet_id
ORDER BY s.unit_code, s.number, s.scale, g.number, g.id
"""

STANDING_ON_SHEETS: Final = """
SELECT count(*) FROM standing WHERE sheet_id IN (SELECT sheet_id FROM arrived)
"""

_NEW_SHEETS: Final = """
INSERT INTO landdata_cadastralsheet
    (unit_code, number, scale, epsg, datum_operation, accuracy_m)
SELECT DISTINCT unit_code, sheet, scale, %(epsg)s::integer, %(datum_operation)s,
    %(accuracy_m)s::float
FROM judged WHERE verdict <> 'unchanged'
ON CONFLICT (unit_code, number, scale) DO NOTHING
"""

_NEW_PARCELS: Final = """
INSERT INTO landdata_parcel (uuid) SELECT parcel_id FROM judged WHERE verdict = 'new'
"""

#: Closed, and written again for the days before the new data: what held then still did.
_CLOSING: Final = """
CREATE TEMPORARY TABLE closing ON COMMIT DROP AS
SELECT l.id, nextval(pg_get_serial_sequence('landdata_parcelversion', 'id')) AS again_id,
    l.valid_from < %(data_date)s AS is_again
FROM (
    SELECT standing_id AS id, standing_from AS valid_from FROM judged WHERE verdict = 'changed'
    UNION ALL
    SELECT id, valid_from FROM leaving
) l
"""

_CLOSE: Final = """
UPDATE landdata_parcelversion v SET to_revision = %(revision)s FROM closing c WHERE v.id = c.id
"""

_CONTENT: Final = (
    "parcel_id, sheet_id, national_id, number, boundary, boundary_3857, geometry_state, "
    "legal_area_m2, address, unit_code, is_disputed, source_file_id, source_row, fingerprint"
)

_AGAIN: Final = f"""
INSERT INTO landdata_parcelversion (id, {_CONTENT}, valid_from, valid_to, from_revision)
SELECT c.again_id, {", ".join("v." + name for name in _CONTENT.split(", "))},
    v.valid_from, %(data_date)s, %(revision)s
FROM closing c JOIN landdata_parcelversion v ON v.id = c.id
WHERE c.is_again
"""  # noqa: S608  (fixed words of this module)

_AGAIN_LAND_USES: Final = """
INSERT INTO landdata_parcellanduse (version_id, position, code, area_m2, term, origin)
SELECT c.again_id, u.position, u.code, u.area_m2, u.term, u.origin
FROM closing c JOIN landdata_parcellanduse u ON u.version_id = c.id
WHERE c.is_again
"""

_OPENING: Final = """
CREATE TEMPORARY TABLE opening ON COMMIT DROP AS
SELECT j."row", nextval(pg_get_serial_sequence('landdata_parcelversion', 'id')) AS id, j.parcel_id,
    s.id AS sheet_id, j.is_disputed, j.fingerprint,
    -- Data of the same day or an earlier one correct what was written: they hold from its day.
    greatest(j.standing_from, %(data_date)s) AS valid_from
FROM judged j
JOIN landdata_cadastralsheet s
    ON (s.unit_code, s.number, s.scale) = (j.unit_code, j.sheet, j.scale)
WHERE j.verdict <> 'unchanged'
"""

_OPEN: Final = f"""
INSERT INTO landdata_parcelversion (id, {_CONTENT}, valid_from, from_revision)
SELECT o.id, o.parcel_id, o.sheet_id, a.national_id, a.number, b.boundary,
    ST_Transform(b.boundary, 3857), a.geometry_state, a.legal_area_m2, a.address, a.unit_code,
    o.is_disputed, %(source)s, a."row", o.fingerprint, o.valid_from, %(revision)s
FROM opening o
JOIN arriving a USING ("row")
CROSS JOIN LATERAL (
    SELECT CASE WHEN a.geometry_state = 'valid' THEN ST_GeomFromWKB(a.shape, %(srid)s) END
        AS boundary
    OFFSET 0
) b
"""  # noqa: S608  (fixed words of this module)

_OPEN_LAND_USES: Final = """
INSERT INTO landdata_parcellanduse (version_id, position, code, term, origin)
SELECT o.id, u.position - 1, u.code, '', ''
FROM opening o
JOIN arriving a USING ("row")
CROSS JOIN LATERAL unnest(string_to_array(nullif(a.land_uses, ''), '+')) WITH ORDINALITY
    AS u (code, position)
"""

#: What the rows that are written say of old numbers. One sheet holds for all numbers beside it, or
#: each number has its own; what says nothing was kept so far for its place only.
_OLD_NUMBERS: Final = f"""
CREATE TEMPORARY TABLE old_numbers ON COMMIT DROP AS
SELECT DISTINCT ON (o.parcel_id, a.old_unit_code, s.number, n.number) o.parcel_id,
    a.old_unit_code AS unit_code, s.number AS sheet_number, n.number, a."row", o.valid_from
FROM opening o
JOIN arriving a USING ("row")
CROSS JOIN LATERAL (SELECT string_to_array(a.old_sheets, '+') AS all_of_them OFFSET 0) sheets
CROSS JOIN LATERAL unnest(string_to_array(a.old_numbers, '+')) WITH ORDINALITY
    AS n (number, place)
CROSS JOIN LATERAL (SELECT coalesce(all_of_them[n.place], all_of_them[1]) AS number) s
WHERE a.old_numbers <> '' AND {_says_something("n.number")} AND {_says_something("s.number")}
ORDER BY o.parcel_id, a.old_unit_code, s.number, n.number, a."row";
ANALYZE old_numbers
"""  # noqa: S608  (fixed words of this module)

#: An old number that a changed row no longer says, or whose parcel leaves, held up to that day.
_OLD_NUMBERS_CLOSING: Final = """
CREATE TEMPORARY TABLE old_numbers_closing ON COMMIT DROP AS
SELECT a.id, t.up_to, a.valid_from < t.up_to AS is_again
FROM landdata_parcelalias a
JOIN (
    SELECT parcel_id, valid_from AS up_to FROM opening
    UNION ALL
    SELECT parcel_id, greatest(valid_from, %(data_date)s) FROM leaving
) t USING (parcel_id)
WHERE a.to_revision IS NULL AND a.valid_to IS NULL AND NOT EXISTS (
    SELECT FROM old_numbers n WHERE (n.parcel_id, n.unit_code, n.sheet_number, n.number)
        = (a.parcel_id, a.unit_code, a.sheet_number, a.number))
"""

_CLOSE_OLD_NUMBERS: Final = """
UPDATE landdata_parcelalias a SET to_revision = %(revision)s
FROM old_numbers_closing c WHERE a.id = c.id
"""

_OLD_NUMBERS_AGAIN: Final = """
INSERT INTO landdata_parcelalias (parcel_id, unit_code, sheet_number, number, source_file_id,
    source_row, valid_from, valid_to, from_revision)
SELECT a.parcel_id, a.unit_code, a.sheet_number, a.number, a.source_file_id, a.source_row,
    a.valid_from, c.up_to, %(revision)s
FROM old_numbers_closing c JOIN landdata_parcelalias a ON a.id = c.id
WHERE c.is_again
"""

#: What is said again stands as it was written first.
_OPEN_OLD_NUMBERS: Final = """
INSERT INTO landdata_parcelalias (parcel_id, unit_code, sheet_number, number, source_file_id,
    source_row, valid_from, from_revision)
SELECT n.parcel_id, n.unit_code, n.sheet_number, n.number, %(source)s, n."row", n.valid_from,
    %(revision)s
FROM old_numbers n
WHERE NOT EXISTS (
    SELECT FROM landdata_parcelalias a
    WHERE a.to_revision IS NULL AND a.valid_to IS NULL
        AND (n.parcel_id, n.unit_code, n.sheet_number, n.number)
            = (a.parcel_id, a.unit_code, a.sheet_number, a.number))
"""

WRITING: Final = (
    _NEW_SHEETS,
    _NEW_PARCELS,
    _CLOSING,
    _CLOSE,
    _AGAIN,
    _AGAIN_LAND_USES,
    _OPENING,
    _OPEN,
    _OPEN_LAND_USES,
    _OLD_NUMBERS,
    _OLD_NUMBERS_CLOSING,
    _CLOSE_OLD_NUMBERS,
    _OLD_NUMBERS_AGAIN,
    _OPEN_OLD_NUMBERS,
)
