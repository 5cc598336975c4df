"""Embedded stand-ins: data made by this project from a seed, stored in the formats that real data comes in."""
