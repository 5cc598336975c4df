"""All tables in one go: ``make tables``, ``python -m vretlib tables``.

What a results folder holds::

    index.html                 every table, figure, check and claim; opens offline
    notebooks/NAME.ipynb       the executed chapter, and NAME.html to read
    NAME/                      the chapter's tables (csv, md, tex), figures and their data: see vretlib.report
    manifest/NAME.json         how its last run ended, and from what: what a second run goes by; NAME.log beside it

A chapter whose notebook, parameters, library, versions and input files are those of its last good run is not run again.
A run may be killed at any moment; the same command goes on from there.
"""
