"""Paper 000: faces in videos, found with the features of Faster R-CNN (notebook 09)."""
