"""What two or three printed numbers make of a third: products, doses, spreads, tests, ratios, parts of anything."""
