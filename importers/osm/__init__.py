"""OpenStreetMap's own XML, as it is."""
