"""Hash functions: vectors become short binary codes that are compared by Hamming distance (paper 001)."""
