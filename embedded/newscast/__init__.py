"""Newscasts from a seed: a channel's studio, its stories, and editions that show the same footage again.

An edition begins with headlines over footage. Then a presenter introduces each story with a still beside them, and its
report follows: views, details, interviews, a walk, a reporter on the spot, figures. Half of an edition's stories were
in the edition before; they are introduced anew, with other parts of the same footage in another order.
"""
