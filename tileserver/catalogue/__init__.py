"""What the layers are, told to people and to other catalogues: facts, addresses, DCAT, QGIS."""
