"""One file per system: its mappings and its quirks."""
