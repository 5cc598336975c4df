"""The batch that runs all chapters: ``make tables``, ``python -m vretlib tables``.

The files of a results folder::

    index.html                 every table, figure, check and claim; opens offline
    notebooks/NAME.ipynb       the executed chapter, and NAME.html to read
    NAME/                      the chapter's tables (csv, md, tex), figures and their data: see vretlib.report
    manifest/NAME.json         how the last run ended, and its inputs, which decide whether to run again; and NAME.log

A chapter is not run again if its notebook, parameters, library, versions and input files are those of its last good
run. A run may be killed at any moment; the same command continues it.
"""

import sys

# jsonschema, which checks notebooks, compiles the grammar of international addresses on import if it finds this
# package. That takes each process two seconds, and notebooks hold no such addresses.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
