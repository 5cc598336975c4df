"""Paintings, titles and comments in the form of SemArt: drawn and written by this project from a seed.

A `works.Work` is composed by a grammar of scenes (`sacred`, `worldly`, `views`), painted in the manner of an invented
painter (`painters`, `hand`), and described by a grammar of sentences (`comments`, `titles`). Nothing is copied from
SemArt; only proportions and lengths are taken from it. Of the 2,100 paintings of seed 0, 39.0 % have a title that
another one has too (SemArt: 38.8 %), and 68.3 % have a comment of 100 words or fewer (SemArt: almost 70 %).

Difficulty
----------
The difficulty depends on how much the comments leave out. It was judged with a random ranking and with CCA on comments
only (`vretlib.models.cca.normalised`, 64 dimensions, the thesis' vocabulary, 1,600 training and 300 test paintings of
seed 0); no other model was used. The aim was an R@10 of CCA on comments between 0.15 and 0.45: far better than chance
and far from perfect, so that models can differ. The version that CCA was first run on reached the aim, with SqueezeNet
at its upper limit, and nothing was changed afterwards. With titles, two of three kinds of features exceed the aim.
Text-to-image ranking gives:

=========================================================  ===========  =====  ===========  =====
images                                                     comments,    R@10   and titles,  R@10
                                                           median rank         median rank
=========================================================  ===========  =====  ===========  =====
random                                                     150.5        0.033  150.5        0.033
embedded ResNet50, last layer                              31.5         0.287  24           0.393
mean and deviation of colours on a grid of 6 × 6           26.5         0.400  8            0.557
SqueezeNet 1.1 trained on ImageNet, mean of the last maps  15.5         0.450  7.5          0.563
=========================================================  ===========  =====  ===========  =====
"""
