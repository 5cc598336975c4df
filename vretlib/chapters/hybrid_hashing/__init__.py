"""Paper 001: faces in video as binary codes, by HVIH and eleven other methods."""
