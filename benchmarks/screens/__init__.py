"""Screens that only benchmarks serve. They lie apart: Streamlit would take files beside them for the program's own."""
