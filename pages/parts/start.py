"""The script that runs for every visitor and every click. ``app.py`` names it; it only opens the shell."""

from pages.parts import shell

shell.run()
