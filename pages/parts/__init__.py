"""What screens share: the scope's widgets, the cache of frames, the export menu, the guard."""
