"""vretlib: a reproducible companion to five visual-retrieval papers.

The library holds the algorithms, the notebooks hold the chapters; ``python -m vretlib --help`` runs them.
"""

__version__ = "0.1.0"
