"""The results of a chapter: tables of published beside obtained numbers, figures, checks, claims, provenance.

A notebook makes one `Chapter` and shows every result through it::

    from vretlib import parameters, report

    chosen = parameters.check("05_binary_features", globals())
    chapter = report.Chapter(chosen, data=f"embedded films, seed {seed}")

    chapter.compare("thesis", "5.1", tables.table_5_1(systems, photographs, matcher))
    chapter.figure(fig, "accuracy_by_size", title="Fig 5.4", caption="What to see.", data={"size": x, "recall": y})
    chapter.check_all()
    chapter.claims("004-15", "004-16")
    chapter.footer(weights={})

A function of a chapter's ``tables`` returns a `Table`, with tolerances and reasons beside the numbers, the
values of single queries (intervals, paired gains and verdicts come from them), and the row that gains are measured
against::

    return Table(frame, checks=[Check(frame, {"R@1": 0.02, "Feat": 0}, unchecked=["Search"])],
                 reasons={"SIFT-Aggregation-KdTree": "needs sift=True"}, better={"Mem": "lower"},
                 baseline="Bi-BruteForce", per_query={("Bi-KdTree", "R@1|B=50"): found.astype(float), ...},
                 stands_for={"The Devil Wears Prada": "film 1"})

Each call is the last line of its cell. It writes its files and returns what the notebook shows.

Missing examples.  A small collection may have no example of what a figure shows. The function that draws it then raises
``NoExampleError``. The page calls such functions through ``report.attempt``, see `vretlib.report.left_out`.

Headings.  The *printed key* of a row or column is its printed headings joined by ``|``
(``"R@1|B=10"``).  Frames may carry them as plain strings or as a MultiIndex (``("R@1", "B=10")``, a shorter
heading padded with ``""``); `vretlib.report.headings.flat` turns the second form into the first.

Files.  Everything lies under ``<results_dir>/<chapter>/`` (``results_dir=""`` is ``vretlib.paths.RESULTS``), each
file is replaced in one step. A new ``Chapter`` removes the JSON files of the previous run, so that all JSON files
belong to one run::

    chapter.json          name, profile, seed, data, parameters
    tables/NAME.json      order, name, title, caption, data, files {csv, md, tex, html: file name},
                          published, obtained, missing, extra (numbers of cells), reasons {text: number of cells},
                          agreement (of a table with a baseline: Kendall's τ of the two orders, see report.order)
    tables/NAME.csv, .md, .tex, .html
    figures/NAME.json     order, name, title, caption, files {png, svg, data: file name}
    figures/NAME.png, .svg, and .csv or .npz
    answers/NAME.csv      the answer to each photograph: see `vretlib.report.answers`
    checks.json           {"checks": [{title, name, status, within, total, line}, ...]}
                          status: within | outside | unchecked
    left_out.json         {"left_out": [{title, why}, ...]}: figures and tables whose example the data do not hold
    claims.json           {"claims": [record, ...]}: the records of claims.judge,
                          with direction and size on published and on obtained numbers
    provenance.json       commit, versions, hardware, threads, seed, checksums, seconds

``order`` is the position of a table or figure on its page.  ``published`` is the number of cells for which the paper
prints a value: ``obtained`` of them have a number beside it, ``missing`` of them have a reason instead.
``extra`` cells are obtained and not printed in the paper.  NAME is ``thesis_table_5.1`` for a published table.

Claims are judged by ``vretlib.report.claims.judge(ids, tables)``, where ``tables`` maps ``("thesis", "5.1")`` to the
obtained frame with flat printed keys; the board it returns has ``_repr_html_()``, ``frame()`` and ``records()`` (plain
dicts that JSON can hold).  ``Chapter.claims`` passes every frame given to ``compare`` so far.
"""

from vretlib.report.chapter import Chapter
from vretlib.report.left_out import LeftOut, attempt, has
from vretlib.report.recorded import Tolerance
from vretlib.report.table import Check, Table

__all__ = ["Chapter", "Check", "LeftOut", "Table", "Tolerance", "attempt", "has"]
