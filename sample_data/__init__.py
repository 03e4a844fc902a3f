"""The sample company, as its vendors would export it."""
