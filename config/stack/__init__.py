"""Running Địa Đồ on one machine: set-up, private database cluster, supervisor, checks and tests.

Only the standard library is imported here, since these modules run before the virtual
environment exists. `python3 -m config.stack help` lists what they do; `make` calls them.
"""
