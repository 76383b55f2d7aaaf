"""Objects of the ground: networks, facilities, sites, buildings, lines."""
