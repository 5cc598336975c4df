"""What the two kinds of queries of `vretlib.datasets.clips` show, in words."""

IN_WORDS = {"SI2V": "stills", "VB": "photographs of a screen"}
"""By the name that a query's ``kind`` has, which is that of the thesis' query set; also for clips of your own."""
