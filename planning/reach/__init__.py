"""Who reaches what along streets: networks, searches, measures, service areas, siting.

Pure arithmetic on arrays, without a database. See docs/reach.md.
"""
