"""Embedded stand-ins: data made by this project from a seed, stored in the formats that real data comes in.

Difficulty of the simulated photographs
---------------------------------------
The three levels of `camera.LEVELS` were set with exhaustive search only, before any index or aggregation was run on
them, so that they favour no method of chapter 5. The procedure:

1. ORB + BRIEF features of all frames of a film are computed, 500 per frame, 720 pixels wide.
2. For each query feature, all features at the minimum Hamming distance are found, and each shot that holds one of them
   gets one vote. The shot with most votes is taken, the first on ties.
3. In that shot, the frame with the smallest sum of distances to the query features (each to its nearest) is taken.
4. That frame is judged by visual match (`vretlib.evaluation.visual_match`, RootSIFT, distance 0.4, τ = 0.15) and, as a
   check, by whether it was taken from the same camera set-up.

The aim was an R@1 of at least 0.95 (easy), about 0.88 (medium), about 0.6 (hard) and 0.75 to 0.93 over all levels, so
that no method saturates and methods can differ. Five films of seed 0 (the second to the sixth, 45 seconds each) with 32
photographs each give:

====== =====
level  R@1
====== =====
easy   0.945
medium 0.909
hard   0.480
all    0.788
====== =====

R@1 of single films ranges from 0.69 (Night Ferry, which is dark) to 0.88 (The Long Platform, Oranges in December).
Failures are dark frames, scrolling credits, frames with little texture, and small pictures, since BRIEF has a single
scale. The hard level lies below its aim because the levels were set with rooms by the painters of the films' sets. The
rooms now have painters of their own (`rooms`), whose things take more of a photograph's features. The levels were not
changed.

As a check on a real film, the same procedure on Big Buck Bunny (640×360, 14,315 frames, shots as found by
`vretlib.video.shots`, 18 photographs per level): 1.00, 1.00 and 0.50, together 0.83.
"""
