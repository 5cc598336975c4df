"""Paper 002: key frames by clustering, and coarse-to-fine search among them (notebook 08)."""
