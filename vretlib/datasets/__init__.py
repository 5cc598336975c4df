"""Collections: databases, queries and ground truth. One module per family of data."""
