"""The same answers as files: workbook, PDF, slides, CSV."""
