"""The Web Map Service 1.1.1 and 1.3.0 (OGC 01-068r3, OGC 06-042).

`parameters` reads a request and refuses what is wrong in it, `tree` says which layers there are,
`drawn`, `info` and `capabilities` answer, `errors` says no, `views` ties them to addresses.
"""
