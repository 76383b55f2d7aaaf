"""MapServer as a pool of FastCGI processes, and the client that speaks to them.

Eight times the rate of one process per request was measured, and a crash of MapServer stays
outside the web worker. What runs as a program of its own uses the standard library only.
"""
