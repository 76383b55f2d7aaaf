"""A delivery of parcels on its way in, step by step."""
