"""What is claimed of speed, accuracy and faults: measured, as ratios. Run with ``python -m benchmarks.NAME``."""
