"""The drawing of a world map: land, clustered counts, views. No database, no request, no language."""
