"""The tables of Data health, kept as long as what they show; that of sources grows old with the minutes."""

from display.tables import health
from pages.parts.cache import beside

quarantine, tables, reconciliation = beside(health.quarantine), beside(health.tables), beside(health.reconciliation)
warnings, runs, unified = beside(health.warnings), beside(health.runs), beside(health.unified)
