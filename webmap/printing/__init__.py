"""Maps on paper: a draft at an exact scale, with frame, legend and title block.

`sheet` is the arithmetic of the paper, `document` hands it to Typst, `draft_map` reads and draws.
"""
