"""Planners: inventory and demand, stock-outs, replenishment, production, suppliers."""
