"""Drawn faces from a seed: people with several videos each, of nobody's likeness.

A head is a surface of points, lit and turned in depth (`head`, `mesh`); brows, eyes, mouth, beard and marks are painted
on it (`skin`), hair is a second surface about it (`hair`). `identity` says what stays the same of a person, `look` what
changes from video to video (hair, beard, make-up, glasses, a cap, weight), `conditions` what changes within a video
(pose, expression, light, resolution, blur, the detector's box), `track` draws the crops and `shots` whole frames with
the faces' boxes. `cast` names the people: those of two sets and a third group to develop networks with.

Difficulty of the two sets
--------------------------
The levels (`conditions.LEVELS`) were fixed by raw features alone, before any method that learns was run on the sets:

1. Each crop becomes its 16 × 16 pixels (RGB, means of areas) as a vector of length 1, and a video the mean of its
   crops' vectors, of length 1 again. As a check, the same with HOG (cells of 8 pixels, blocks of 2 × 2 cells, 9 angles)
   in the place of the pixels.
2. Test videos ask, training videos answer in the order of the cosine; the mean average precision over all answers
   counts.

The aim was a mean AP by pixels of 0.15 to 0.35 in A and 0.10 to 0.25 in B, so that neither set is trivial and methods
can differ. The levels were changed three times in view of these numbers for seed 0, and of nothing else. Caps, which
three videos in a hundred show, were painted after that and moved no number by more than 0.007. The sets have now:

=== ==== ====== ===== ======
set seed pixels HOG   chance
=== ==== ====== ===== ======
A   0    0.182  0.225 0.042
A   1    0.171  0.220 0.042
B   0    0.104  0.134 0.017
B   1    0.093  0.142 0.017
=== ==== ====== ===== ======

The development people have a level of their own, the first of B, which was harder: by the same measure, B had 0.056
with it.
"""
