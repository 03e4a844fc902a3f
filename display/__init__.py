"""How a frame is shown, on screens and in files alike: figures, tables, words, theme. No Streamlit."""
