"""Collections: what is searched, what is asked, and what the right answer is. One module per family of data."""
