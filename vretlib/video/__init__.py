"""From a video file to frames, tracks, shots and key features."""
