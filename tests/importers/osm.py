"""Small OSM files around the middle of Hà Nội.

Node n lies n times 100 m (0.001 degrees) east of (105.85, 21.02); `north` moves it up likewise.
"""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

LON, LAT = 105.85, 21.02


def node(number, east=None, north=0, **tags):
    lon = LON + 0.001 * (number if east is None else east)
    place = f'lat="{LAT + 0.001 * north:.7f}" lon="{lon:.7f}"'
    return f'<node id="{number}" {place}>{_tags(tags)}</node>'


def way(number, nodes, **tags):
    refs = "".join(f'<nd ref="{ref}"/>' for ref in nodes)
    return f'<way id="{number}">{refs}{_tags(tags)}</way>'


def relation(number, members, **tags):
    """Members are (way, role)."""
    refs = "".join(f'<member type="way" ref="{w}" role="{role}"/>' for w, role in members)
    return f'<relation id="{number}">{refs}{_tags(tags)}</relation>'


def write(path, *elements, before=""):
    """Write a file, one element a line: the first stands on line 3."""
    body = "\n".join(elements)
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{before}<osm version="0.6">\n{body}\n</osm>\n',
        encoding="utf-8",
    )
    return path


def _tags(tags):
    # Two underscores stand for the colon that Python's names cannot have.
    return "".join(
        f"<tag k={quoteattr(key.replace('__', ':'))} v={quoteattr(value)}/>"
        for key, value in tags.items()
    )
