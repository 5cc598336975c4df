"""One part per chapter: what its notebook calls to compose tables and figures from the library."""
