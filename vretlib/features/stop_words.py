"""English stop words: NLTK 3's list, which the author's code removes (chapter 7).

The list holds pieces of contractions too (``don``, ``ll``), and a few words are not on it that could be (``would``,
``could``, ``may``): it is followed as it was used. Its entries with an apostrophe are no words here (`text.words`).
"""

_PRONOUNS = """
i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself
it its itself they them their theirs themselves what which who whom this that these those
"""
_VERBS = "am is are was were be been being have has had having do does did doing can will should"
_SMALL_WORDS = """
a an the and but if or because as until while of at by for with about against between into through during before after
above below to from up down in out on off over under
"""
_ADVERBS = """
again further then once here there when where why how all any both each few more most other some such
no nor not only own same so than too very just now
"""
_PIECES = """
s t don d ll m o re ve y ain aren couldn didn doesn hadn hasn haven isn ma mightn mustn needn shan shouldn wasn weren
won wouldn
"""

STOP_WORDS = frozenset(" ".join([_PRONOUNS, _VERBS, _SMALL_WORDS, _ADVERBS, _PIECES]).split())
