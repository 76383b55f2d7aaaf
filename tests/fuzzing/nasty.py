"""Words, filters and documents that have broken services before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

#: Stands for the request's own word until it is sent.
WORD = "\ue000"
NASTY = (
    "",
    " ",
    WORD,
    f"'{WORD}",
    f'"{WORD}',
    f"{WORD}' OR '1'='1",
    f"'; DROP TABLE {WORD}; --",
    f'"; SELECT "{WORD}',
    f"1); SELECT pg_sleep(9) AS {WORD} --",
    f"$${WORD}$$",
    f"E'\\'{WORD}",
    f"\\'{WORD}",
    f"%({WORD})s %s %%",
    f"{{{WORD}}} {{0}} {{0.__class__}}",
    f"${{{WORD}}} %{WORD}%",
    f"\x00{WORD}",
    f"{WORD}\x00",
    f"../../../{WORD}",
    f"..%2f..%2f{WORD}",
    f"/etc/{WORD}",
    f"file:///{WORD}",
    f"http://127.0.0.1:1/{WORD}",
    f"<{WORD}>&amp;]]>",
    f"\r\nX-{WORD}: 1",
    "\ufeff\u202e\u0301",
    "Đống Đa " + WORD,
    "🗺" * 40,
    "-1",
    "0",
    "1e309",
    "-1e-309",
    "NaN",
    "Infinity",
    "9" * 400,
    "١٢٣",
    "0x7fffffff",
    "2147483648",
    "9223372036854775808",
    "true",
    "null",
    "[]",
    "*",
    "," * 500,
    "(" * 400,
    "A" * 4000,
    "2026-02-30",
    "0000-00-00",
    "2026-01-01/..",
    "99999-01-01T25:61:61Z",
)


def conditions() -> SearchStrategy[str]:
    """Return filters in CQL2 text, right and wrong, shallow and deep."""
    leaf = st.sampled_from(
        (
            f"label = '{WORD}'",
            f"label LIKE '%{WORD}%'",
            f"number = 'a''{WORD}'",
            f"{WORD} = 1",
            f"\"{WORD}\" > 'x'",
            "area_m2 > 1e400",
            "area_m2 BETWEEN 1 AND -1",
            "valid_from > DATE('2026-02-30')",
            f"S_INTERSECTS(geometry, POLYGON(({WORD})))",
            "S_INTERSECTS(geometry, POINT(105.83 21.02))",
            "S_WITHIN(geometry, BBOX(1e300, 0, nan, 4))",
            "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(" * 30 + ")" * 30 + ")",
            f"T_AFTER(valid_from, TIMESTAMP('{WORD}'))",
            "name IS NULL",
            "name IN (" + ",".join(f"'{n}'" for n in range(2000)) + ")",
            f"name = '{WORD}' -- ",
            f"name = 'x'; SELECT '{WORD}'",
            f"lower({WORD}) = CASEI('a')",
            "1 = 1",
        )
    )

    def deeper(inner: SearchStrategy[str]) -> SearchStrategy[str]:
        return st.one_of(
            st.builds("({} AND {})".format, inner, inner),
            st.builds("({} OR {})".format, inner, inner),
            st.builds("NOT ({})".format, inner),
        )

    deep = st.integers(1, 3000).map(lambda n: "NOT (" * n + "1 = 1" + ")" * n)
    return st.one_of(st.recursive(leaf, deeper, max_leaves=12), deep, st.sampled_from(NASTY))


def filters() -> SearchStrategy[str]:
    """Return filters in FES 2.0, right and wrong, shallow and deep."""
    names = st.sampled_from(("label", "number", "name", WORD, "diado:label", "../label", "*", ""))
    operators = st.sampled_from(
        ("PropertyIsEqualTo", "PropertyIsLike", "PropertyIsGreaterThan", "Nothing", WORD)
    )
    leaf = st.builds(
        lambda op, name, value: (
            f'<fes:{op} wildCard="%" singleChar="_" escapeChar="!">'
            f"<fes:ValueReference>{name}</fes:ValueReference>"
            f"<fes:Literal>{value}</fes:Literal></fes:{op}>"
        ),
        operators,
        names,
        st.sampled_from((WORD, f"'{WORD}", "1e400", "", "%" * 300, "&lt;x&gt;", "9" * 300)),
    )
    shape = st.sampled_from(
        (
            "<gml:Point srsName='EPSG:4326'><gml:pos>21 105</gml:pos></gml:Point>",
            f"<gml:Point srsName='{WORD}'><gml:pos>21 105</gml:pos></gml:Point>",
            "<gml:Envelope><gml:lowerCorner>nan 1</gml:lowerCorner></gml:Envelope>",
            "<gml:MultiGeometry>" * 60 + "</gml:MultiGeometry>" * 60,
        )
    )
    spatial = st.builds(
        lambda op, geometry: (
            f"<fes:{op}><fes:ValueReference>geometry</fes:ValueReference>{geometry}"
            f'<fes:Distance uom="{WORD}">-1</fes:Distance></fes:{op}>'
        ),
        st.sampled_from(("Intersects", "BBOX", "DWithin", "Beyond", "Touches")),
        shape,
    )

    def deeper(inner: SearchStrategy[str]) -> SearchStrategy[str]:
        return st.one_of(
            st.builds("<fes:And>{}{}</fes:And>".format, inner, inner),
            st.builds("<fes:Or>{}{}</fes:Or>".format, inner, inner),
            st.builds("<fes:Not>{}</fes:Not>".format, inner),
        )

    deep = st.integers(1, 2000).map(lambda n: "<fes:Not>" * n + "</fes:Not>" * n)
    resource = st.just(f'<fes:ResourceId rid="zones.{WORD}"/>')
    inside = st.one_of(st.recursive(st.one_of(leaf, spatial), deeper, max_leaves=8), deep, resource)
    return inside.map(
        lambda text: (
            '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0"'
            f' xmlns:gml="http://www.opengis.net/gml/3.2">{text}</fes:Filter>'
        )
    )


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "{w}{w}{w}{w}{w}{w}{w}{w}">'
    + "".join(f'<!ENTITY {c} "{f"&{p};" * 10}">' for p, c in zip("abcdefg", "bcdefgh", strict=True))
    + ']><wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0">&h;</wfs:GetFeature>'
).replace("{w}", WORD)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">'
    f'<!ENTITY % p SYSTEM "http://127.0.0.1:1/{WORD}"> %p;]><x>&e;</x>'
)
GET_FEATURE = (
    '<wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0"'
    ' count="{count}"><wfs:Query typeNames="{layer}">{filter}</wfs:Query></wfs:GetFeature>'
)
