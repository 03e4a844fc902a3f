"""People, data health, reports, access."""
