"""Figures, one file per subject: from a frame to a Plotly figure."""
