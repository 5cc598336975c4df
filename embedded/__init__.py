"""Embedded stand-ins: data made by this project from a seed, stored in the formats that real data comes in.

How difficult the simulated photographs are
-------------------------------------------
The three levels of `camera.LEVELS` were fixed by exhaustive search alone, before any index or aggregation was run on
them, so that no method of chapter 5 could have been favoured. The procedure:

1. All ORB + BRIEF features of all frames of a film, 720 pixels wide, 500 per frame.
2. For each query feature all features at the minimum Hamming distance; each shot that holds one gets one vote; of the
   shots with most votes the first.
3. In that shot the frame with the smallest sum, over query features, of the distance to the nearest feature.
4. Judged by visual match (`vretlib.evaluation.visual_match`, RootSIFT, distance 0.4, τ = 0.15), and, as a check, by
   whether that frame was taken from the same camera set-up.

Aimed at were an R@1 of at least 0.95, about 0.88 and about 0.6 by level, and 0.75 to 0.93 for all: hard enough that
nothing saturates, easy enough that methods can differ. Of the six films of seed 0 with 32 photographs each:

====== ======= =====================
level  R@1     same set-up
====== ======= =====================
easy   0.955   0.955
medium 0.909   0.894
hard   0.617   0.533
all    0.833   0.802
====== ======= =====================

By film R@1 goes from 0.69 (Night Ferry, which is dark) to 0.94 (The Salt Road, The Long Platform). What fails are
dark frames, scrolling credits, frames with little texture, and the picture seen small: BRIEF has one scale.

As a check on a real film, the same procedure on Big Buck Bunny (640×360, 14,315 frames, shots as found by
`vretlib.video.shots`, 18 photographs per level): 1.00, 1.00 and 0.50, together 0.83.
"""
