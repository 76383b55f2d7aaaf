"""The list of conflicts to take along: as a table, as map layers, as a document.

`records` is what all three are made from, `build` reads it. The others read no database.
"""
