"""Clip collections: videos to search with an image, as Stanford I2V and Video Bookmarking (thesis section 6.3).

`source.load` gives the collection that a notebook's parameters name:

`embedded`
    Films and newscasts that this project draws, cut into clips of 8 to 12 s at points that do not depend on shots: four
    films of notebook 05 in a small format, and three editions of each of two channels, which show the same studio and,
    in part, the same footage again. There are two kinds of queries for these clips: "SI2V", stills as on a news site,
    and "VB", photographs of a screen. The training clips are 3 to 5 s long, as LSMDC's, and come from other films. The
    module's docstring says which clips are relevant; `truth` gives the cuts, dissolves and footage of clips.
`stanford_i2v`
    Stanford I2V and VB from their folders, and the evaluation of 100 results by their authors' rules.
`own`
    A folder of videos or a single one, cut into clips (`pieces`); films, as MoviesDB; clips or folders of frames, as
    NTU-VOI. Queries come from the list of photographs (`listed`) or are simulated (`simulated`).

Difficulty of the embedded clips
--------------------------------
The difficulty was fixed by only the best single frame, before a temporal encoder, an index or a choice of key frames
was run on the clips: two frames per second, 224 pixels wide, the embedded vgg16, cosine, and the score of a clip's best
frame. The aim was an mAP of .5 to .85 for each kind. Two settings were tried. In the first, stills were up to 1.5 times
nearer, in stronger colours, some in upright formats; photographs showed the room around the screen as those of chapter
5 do; and Night Ferry was as dark as there: mAP .20 and .27 with R-MAC. The second gives these values for seed 0, with
which it was fixed, and for seed 1, which served as a check:

==== ===== ==== ===== ===============
seed kind  MAC  R-MAC R-MAC, whitened
==== ===== ==== ===== ===============
0    SI2V  .682 .660  .731
0    VB    .616 .603  .705
1    SI2V  .640 .656  .748
1    VB    .621 .623  .747
==== ===== ==== ===== ===============

Whitening was learned on the training clips. Easy, medium and hard photographs of VB give .81, .83 and .47 for seed 0
with whitening. The photographed frames themselves give .96, since a few of them look like frames of other clips.
"""

from vretlib.datasets.clips.collection import Clip, ClipCollection, ClipQuery, ClipStudy, Moment

__all__ = ["Clip", "ClipCollection", "ClipQuery", "ClipStudy", "Moment"]
