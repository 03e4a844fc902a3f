"""The only place that knows SQLAlchemy, drivers, vendors and the disk."""
