"""The sample company in the clothes of vendors: the same firm as each of them would keep and export it, one file per
vendor. It shows that the mappings of a source bring a whole firm back, and what a vendor has no place for.
"""
