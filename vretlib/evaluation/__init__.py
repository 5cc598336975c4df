"""How well a system did: on scores, ids and labels, never on films or images."""
