"""Tags of the templates that speak of clients."""
