"""The schema's history: one script per change, applied at the start of every refresh."""
