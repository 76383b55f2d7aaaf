"""How each layer of the catalogue is drawn."""
