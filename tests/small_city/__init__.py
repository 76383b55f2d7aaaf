"""A city that can be checked by hand, behind the real servers.

All shapes are drawn in metres of EPSG:3857 from one corner, so that a picture of a round box has a
corner of every shape on a whole pixel:

```
  900                                      +-----------+
  700                         o school     |D  [pond]  |   pond: 1300 to 1500, 650 to 850
  600                       (1000, 700)    +-----------+
  500  ================================================    road
  400  +-----------+-----------+-----------+-----------+
       |   lake    |  zone A   |  zone B   | zone C    |   C: until 2021-01-01 another function
       |           | (A1 in A) |           |           |
    0  +-----------+-----------+-----------+-----------+
       0          400         800        1200        1600
```

The detailed zone A1 covers the western half of A; the parcels 1, 2 and 3 lie side by side in A.
"""
