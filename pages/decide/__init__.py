"""Screens on which executives decide."""
