"""What one request may ask of the maps and features; the capabilities say the same numbers.

How many requests a caller may send stands in config/limits.py, the time of a statement in the
settings of the database role.
"""

from __future__ import annotations

#: Width and height of a picture; MapServer holds four bytes a pixel, twice.
LARGEST_PICTURE_PX = 4096
#: Layers that one picture may show.
MOST_LAYERS = 20

#: Features in one answer when nobody says how many; clients page by it.
USUAL_FEATURES = 10_000
#: Features in one answer at most. A hundred thousand plots are 90 MB of GeoJSON.
MOST_FEATURES = 100_000
#: Features in one file of a format that cannot be streamed: it is made on disk first.
MOST_FEATURES_IN_FILE = 50_000
#: Features that a caller may skip by their number alone; a `next` link skips any number.
LARGEST_START = 1_000_000
#: Conditions within conditions. People write three; what a form builds stays below ten.
DEEPEST_FILTER = 20
#: Conditions in one filter.
MOST_CONDITIONS = 500
#: Values in one list of a condition, names of features among them.
MOST_VALUES = 1_000
#: Characters in a text that is compared; the longest attribute has 300.
LONGEST_TEXT = 1_000
#: Corners of all shapes in one filter; the boundary of a city has 3,000.
MOST_CORNERS = 20_000
#: Queries in one request.
MOST_QUERIES = 10
#: Characters of an address line and bytes of a body that carry a request.
LONGEST_FILTER = 500_000
LARGEST_BODY_BYTES = 1_000_000
#: Elements within elements of a body: a filter in a query with a shape in it.
DEEPEST_XML = 48
#: Rows that one page of a change feed looks at, when nobody says how many and at most.
USUAL_CHANGES = 1_000
MOST_CHANGES = 10_000
#: Features of each layer in one GetFeatureInfo.
MOST_FEATURES_AT_POINT = 50
#: How far around the point lines and points still count, in pixels.
NEAR_PX = 5
#: Days for which a map can be asked.
FIRST_DAY, LAST_DAY = "1900-01-01", "2100-12-31"

#: Pictures that one web process has drawn at once: the pool has one MapServer to a core.
DRAWINGS_AT_ONCE = 3
#: Seconds that a request waits for its turn, and then for its picture.
WAIT_FOR_DRAWING_S = 10.0
DRAWING_S = 15.0
#: Seconds that one statement of the public role may take; the role's own setting says the same.
STATEMENT_SECONDS = 10
