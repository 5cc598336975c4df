"""Paper 003: instance search with the features of Faster R-CNN (notebook 11)."""
