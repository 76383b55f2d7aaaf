"""The check for conflicts: facts as arrays, rules as data, judges as pure functions.

It knows no database. `planning.conflicts.records` has the values, `facts` what is looked at,
`catalogue` reads the rules, `engine` holds the ones against the others.
"""
