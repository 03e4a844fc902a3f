"""The way in: source, checked, unified, stored, aggregated, snapshot."""
