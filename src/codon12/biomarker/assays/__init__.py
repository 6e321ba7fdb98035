"""Tests and their reach: gene panels, hotspot lists, PCR kits, and who was tested with them."""
