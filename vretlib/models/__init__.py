"""What is trained, and how: networks, losses, pairs, loops."""
