"""What the terminal can be asked, one file per subject; cli.py puts them together."""
