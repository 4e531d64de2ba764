"""Holding on and letting go: legal holds, who may be destroyed, destruction by two persons, certificates (rulebook 15)."""
