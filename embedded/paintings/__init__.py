"""Paintings, titles and comments in the form of SemArt: drawn and written by this project from a seed.

A `works.Work` is composed by a grammar of scenes (`sacred`, `worldly`, `views`), is painted by a painter with a hand of
one's own (`painters`, `hand`), and is described by a grammar of sentences (`comments`, `titles`). Nothing is copied
from SemArt: only proportions and lengths are taken from it. Of the 2,100 paintings of seed 0, 39.0 % have a title that
another one has too (SemArt: 38.8 %), and 68.3 % have a comment of 100 words or fewer (SemArt: almost 70 %).

Difficulty
----------
How much comments leave out was fixed before any learned model was run, and was judged by the random row and by CCA
alone (`vretlib.models.cca.normalised`, 64 dimensions, the thesis' vocabulary, 1,600 training and 300 test paintings of
seed 0). The aim was a CCA that ranks far better than chance and is far from perfect, so that better models can differ
from it: with the narrow embedded ResNet50 about the R@10 of Table 7.3's CCA (0.304), below 0.6 with any features and
with titles. Text-to-image ranking gives:

=========================================================  ===========  =====  ===========  =====
\                                                          comments            with titles
images                                                     median rank  R@10   median rank  R@10
=========================================================  ===========  =====  ===========  =====
random                                                     150.5        0.033  150.5        0.033
embedded ResNet50, last layer                              31.5         0.287  24           0.393
mean and deviation of colours on a grid of 6 × 6           26.5         0.400  8            0.557
SqueezeNet 1.1 trained on ImageNet, mean of the last maps  15.5         0.450  7.5          0.563
=========================================================  ===========  =====  ===========  =====
"""
