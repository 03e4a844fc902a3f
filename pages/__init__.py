"""Screens, one folder per section. No script lies here itself: Streamlit would serve it without app.py."""
