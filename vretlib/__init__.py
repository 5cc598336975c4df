"""vretlib: a reproducible companion to five visual-retrieval papers.

The library holds the algorithms, the notebooks hold the chapters; ``python -m vretlib --help`` runs them.
"""

import hashlib
import os
from pathlib import Path

__version__ = "0.1.0"


def _numba_cache() -> str:
    """Folder for compiled kernels, named after the source of all of them.

    Numba notices a change in the file of a kernel, not in another file that the kernel calls into: after an update
    it would run old code. A name that changes with any of the sources cannot.
    """
    package = Path(__file__).parent
    sources = sorted(path for folder in ("search", "video") for path in (package / folder).glob("*.py"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    root = os.environ.get("VRETLIB_CACHE", package.parent / "data" / "cache")
    return str(Path(root).expanduser().absolute() / "numba" / digest)


os.environ.setdefault("NUMBA_CACHE_DIR", _numba_cache())  # numba reads it when it is first imported
