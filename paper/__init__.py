"""Paper: cabinets, locks, keys; files by label; what is out and until when; lost, scanned and shredded (PA-1 to PA-6)."""
