"""Tables 3.1 to 3.5 and Figures 3.4 and 3.5 of the thesis, with the tolerances of their checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import torch

from vretlib.chapters.similarity_networks.inputs import LONG, SHORT, averaged_sets, printed, stands_for
from vretlib.chapters.similarity_networks.methods import F64, Cosine, Similarity, all_ap, all_eight, ap
from vretlib.datasets.landmarks import LandmarkStudy, targets
from vretlib.described import compared_methods
from vretlib.described.landmark_training import with_targets
from vretlib.described.landmarks import FINETUNED, DescribedStudy
from vretlib.errors import NoExampleError
from vretlib.evaluation import average_precision
from vretlib.models import trained_similarities
from vretlib.models.parallel_trainings import in_threads
from vretlib.models.simnet import ARCHITECTURES
from vretlib.models.simnet_training import warm_up_quality
from vretlib.models.trained_similarities import BEST, SimilarityRecipe
from vretlib.models.training_set import TrainingSet
from vretlib.progress import progress_bar
from vretlib.report import Check, Table, Tolerance, published
from vretlib.report.means import means

OURS = "Ours (∆ = 0.8)"

HEADINGS = {
    "3.4": {"OX5K": "OX5K", "OX5K+": "OX105K", "PA6K": "PA6K", "PA6K+": "PA106K"},
    "3.5": {"OX5K": "Ox5k", "OX5K+": "Ox105k", "PA6K": "Pa6k", "PA6K+": "Pa106k"},
}
"""Printed headings of the evaluation sets of Tables 3.4 and 3.5; + is with distractors."""

TOLERANCE = 0.005
"""Of the mAP on another processor: all networks of the embedded profile are committed, so that only the last digits of
descriptors differ. With AVX2 in the place of AVX-512 no third digit changed."""


def scale(recipe: SimilarityRecipe, few: int, many: int) -> pd.DataFrame:
    """Settings of the thesis (section 3.3.2, Table 3.1) and of a recipe; "?" where the thesis gives none."""
    rows = {
        "target images in LANDMARKS-EXTRA500": ("about 500", f"{few:,}"),
        "target images in LANDMARKS-EXTRA": ("about 2,000", f"{many:,}"),
        "hidden layers of configuration B": ("4,096 wide", f"{recipe.width:,} wide"),
        "optimiser": ("SGD", {"sgd": "SGD", "one-cycle": "AdamW, one cycle"}[recipe.optimiser]),
        "learning rate": ("0.001", f"{recipe.learning_rate:g}"),
        "pairs in a batch": ("100", f"{recipe.batch_size:,}"),
        "pairs of the warm-up": ("22.5 million", f"{recipe.warm_up_steps * recipe.batch_size:,}"),
        "pairs of images": ("almost a million", f"{recipe.n_pairs:,}"),
        "batches with them": ("?", f"{recipe.steps:,}"),
        "images searched for difficult pairs": ("?", f"at most {recipe.n_images:,}"),
        "batches with these added": ("?", f"{recipe.refine_steps:,}"),
        "triplets of OASIS": ("?", f"{recipe.n_triplets:,}"),
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["thesis", "here"])


def table_3_1(recipe: SimilarityRecipe, d: int, n: int = 20_000) -> Table:
    """Configurations in rows: architecture, parameters (millions), and MSE and ρ of the scores of ``n`` new pairs.

    The printed columns are judged on independent random vectors, which is what the printed numbers fit; beside them
    the same on pairs of known cosine, which is what the networks learn from.
    """
    rows = {}
    for name in ARCHITECTURES:
        net = trained_similarities.warmed_up(recipe, d, name).network
        row = {"Architecture": ", ".join(f"FC-{width}" for width in (*net.widths, 1)), "Params": net.n_parameters / 1e6}
        for kind, prefix in (("independent", ""), ("known cosine", "known cosine|")):
            generator = torch.Generator().manual_seed(recipe.seed + 1)  # not the pairs of the training
            row[f"{prefix}MSE"], row[f"{prefix}ρ"] = warm_up_quality(net, n, generator, kind)
        rows[name] = row
    frame = pd.DataFrame.from_dict(rows, orient="index")
    error = Tolerance(relative=0.01)
    limits = {"Params": 0, "MSE": error, "ρ": 0.005, "known cosine|MSE": error, "known cosine|ρ": 0.005}
    return Table(
        frame,
        checks=[Check(frame.drop(columns="Architecture"), limits)],
        better={"MSE": "lower", "ρ": "higher"},
        formats={"MSE": "{:.1e}", "known cosine|MSE": "{:.1e}"},
        baseline=dict.fromkeys(("MSE", "ρ"), next(iter(ARCHITECTURES))),
    )


def table_3_2(
    study: LandmarkStudy,
    described: DescribedStudy,
    sets: Mapping[str, TrainingSet],
    recipe: SimilarityRecipe,
    seeds: Sequence[int] = (),
) -> Table:
    """Mean AP of every similarity (rows) by training set and evaluation set (columns).

    With ``seeds``, SimNet* (0.8) is also trained with each of them in the place of the recipe's, on the last set.
    """
    values: dict[tuple[str, str], F64] = {}
    for name, examples in progress_bar(sets.items(), desc="Table 3.2", unit="training set"):
        for row, scored in all_eight(recipe, examples).items():
            found = all_ap(scored, study, described)
            values |= {(row, f"{name}|{head}"): found[s] for s, head in printed(study, SHORT).items()}
    table, last, row = means(values, TOLERANCE, "Cosine"), list(sets)[-1], f"SimNet* ({BEST})"
    recipes = [replace(recipe, seed=seed) for seed in seeds]
    stars = in_threads(lambda one: trained_similarities.trained_simnet_star(one, sets[last], BEST), recipes)
    columns = [f"{last}|{head}" for head in printed(study, SHORT).values()]
    spread = {(row, column): [average_precision.mean(values[row, column]).value] for column in columns}
    for star in stars:
        for name, one in all_ap(star, study, described).items():
            spread[row, f"{last}|{printed(study, SHORT)[name]}"].append(average_precision.mean(one).value)
    names = stands_for(study, SHORT | {name: name for name in sets})
    table = replace(table, reasons="not in this study", stands_for=names)
    return replace(table, spread=spread) if seeds else table


def map_on_unseen(
    study: LandmarkStudy, described: DescribedStudy, examples: TrainingSet, compared: Mapping[str, Similarity]
) -> Table:
    """Mean AP with all positives, and with only those that are not in the training set (the others count as junk)."""
    if not any(len(ids) for ids in examples.targets.values()):
        raise NoExampleError("no image that is searched is learned from, so all of them are unseen")
    values = {
        (row, f"{domain}|{heading}"): ap(scored, study, described, domain, seen=ids if unseen else None)
        for domain, ids in examples.targets.items()
        for heading, unseen in (("all images", False), ("unseen images only", True))
        for row, scored in compared.items()
    }
    return means(values, TOLERANCE, "Cosine")


def table_3_3(study: LandmarkStudy, rows: Mapping[str, tuple[DescribedStudy, Similarity]]) -> Table:
    """Mean AP of MAC: each row has the descriptors of its network and the similarity that scores them."""
    headings, names = printed(study, LONG), stands_for(study, LONG)
    values = {
        (row, headings[name]): found
        for row, (described, scored) in rows.items()
        for name, found in all_ap(scored, study, described).items()
    }
    return replace(means(values, TOLERANCE, "MAC|Cosine"), reasons="not in this study", stands_for=names)


ComparedRow = tuple[str, Similarity, Mapping[str, DescribedStudy]]
"""A row of Tables 3.4 and 3.5: the printed name of the similarity, the similarity, and descriptors by target domain."""


def compared_3_4(
    study: LandmarkStudy,
    described: Mapping[str, DescribedStudy],
    extras: Mapping[str, TrainingSet],
    elsewhere: Mapping[str, Mapping[str, DescribedStudy]],
    recipe: SimilarityRecipe,
) -> dict[str, ComparedRow]:
    """The rows of Table 3.4 that the library can compute.

    Parameters
    ----------
    described, extras: by feature, and LANDMARKS-EXTRA described by it; R-MAC, and neural codes if there are any.
    elsewhere: of `vretlib.described.compared_methods`, by row and by target domain.
    """
    rows: dict[str, ComparedRow] = {}
    if "VGG16" in described:
        codes = dict.fromkeys(targets.target_domains(study), described["VGG16"])
        rows["Babenko et al., 2014"] = "L2", Cosine(), codes
        rows["Wan et al., 2014"] = "OASIS", trained_similarities.trained_oasis(recipe, extras["VGG16"]), codes
    printed_as = {"Kalantidis et al., 2016": "L2"}  # of unit vectors, so the order is the cosine's
    rows |= {row: (printed_as.get(row, "Cosine"), Cosine(), of) for row, of in elsewhere.items() if of}
    return rows | _with_simnet_star(study, described["RMAC"], extras["RMAC"], recipe, "The same descriptors, cosine")


def compared_3_5(
    study: LandmarkStudy,
    described: Mapping[str, DescribedStudy],
    extras: Mapping[str, TrainingSet],
    recipe: SimilarityRecipe,
    detected: Mapping[str, DescribedStudy],
) -> dict[str, ComparedRow]:
    """The rows of Table 3.5 that the library can compute: R-MAC of the fine-tuned network, if there is one, and the row
    of ``detected``, which is of `vretlib.described.compared_methods.salvador_rows`, or empty.
    """
    rows: dict[str, ComparedRow] = {}
    if FINETUNED in described:
        rows |= _with_simnet_star(study, described[FINETUNED], extras[FINETUNED], recipe, "Radenović et al., 2016")
    return rows | ({compared_methods.SALVADOR: ("Cosine", Cosine(), detected)} if detected else {})


def _with_simnet_star(
    study: LandmarkStudy, described: DescribedStudy, examples: TrainingSet, recipe: SimilarityRecipe, cosine: str
) -> dict[str, ComparedRow]:
    everywhere = dict.fromkeys(targets.target_domains(study), described)
    star = trained_similarities.trained_simnet_star(recipe, examples, BEST)
    return {cosine: ("Cosine", Cosine(), everywhere), OURS: ("SimNet*", star, everywhere)}


def state_of_the_art(number: str, study: LandmarkStudy, compared: Mapping[str, ComparedRow]) -> Table:
    """Table "3.4" or "3.5": mean AP of each method, without and with distractors.

    Raises
    ------
    NoExampleError: the images are the reader's own.
    """
    if study.own:
        raise NoExampleError("the table is about Oxford5k and Paris6k among distractors, not about other images")
    headings, values, own = HEADINGS[number], {}, {}
    for row, (similarity, scored, described) in compared.items():
        of_row = next(iter(described.values()))
        own[row] = {"Dim": of_row.d, "Similarity": similarity}
        for key, heading in headings.items():
            name, more = study.named(key.rstrip("+")), key.endswith("+")
            if name in described and (not more or len(described[name].distractors)):
                values[row, heading] = ap(scored, study, described[name], name, distractors=more)
    numbers = means(values).frame if values else pd.DataFrame(columns=list(headings.values()))
    frame = pd.DataFrame.from_dict(own, orient="index", columns=["Dim", "Similarity"]).join(numbers)
    quoted = dict.fromkeys(published.read("thesis", number).rows, "published number; the library lacks this method")
    quoted |= compared_methods.NOT_RUN[number] | dict.fromkeys(compared, "needs the collection and its distractors")
    base = "Tolias et al., 2016" if number == "3.4" else "Radenović et al., 2016"
    names = {heading: study.stands_for.get(key[:4], "") for key, heading in headings.items()}
    among = {heading: f"{names[heading]} and distractors" for key, heading in headings.items() if key.endswith("+")}
    return Table(
        frame,
        checks=[Check(numbers, TOLERANCE)],
        reasons=quoted | {OURS: "needs the collection, its distractors, and for Table 3.5 fine-tuned weights"},
        baseline=dict.fromkeys(numbers.columns, base) if base in frame.index else "",
        per_query=values,
        stands_for=names | among if study.stands_for else {},
    )


def figure_3_4(
    study: LandmarkStudy, features: Mapping[str, tuple[DescribedStudy, TrainingSet]], recipe: SimilarityRecipe
) -> Table:
    """Features in rows; mean AP of Cosine, SimNet and SimNet* over all queries of OXFORD5K and PARIS6K together.

    The thesis does not say which set, training images or ∆ its figure shows. Here: LANDMARKS-EXTRA, and the ∆ that
    the authors list as the best of each, 0.2 and 0.8.
    """

    def row(feature: str) -> dict[tuple[str, str], F64]:
        described, examples = features[feature]
        compared: dict[str, Similarity] = {
            "Cosine": Cosine(),
            "SimNet": trained_similarities.trained_simnet(recipe, examples, 0.2),
            "SimNet*": trained_similarities.trained_simnet_star(recipe, examples, BEST),
        }
        found = {c: [ap(scored, study, described, s) for s in averaged_sets(study)] for c, scored in compared.items()}
        return {(feature, column): np.concatenate(parts) for column, parts in found.items()}

    values: dict[tuple[str, str], F64] = {}
    for found in progress_bar(in_threads(row, features), total=len(features), desc="Figure 3.4", unit="feature"):
        values |= found
    return means(values, TOLERANCE)


def figure_3_5(
    study: LandmarkStudy, described: DescribedStudy, counts: Sequence[int], recipe: SimilarityRecipe
) -> Table:
    """Evaluation sets in rows; mAP of Cosine, and of SimNet* by the number of target images in training (columns)."""

    def trained_with(n: int, domain: str) -> F64:
        examples = with_targets(study, described, {domain: n}, name=f"{n} of {domain}", seed=recipe.seed)
        return ap(trained_similarities.trained_simnet_star(recipe, examples, BEST), study, described, domain)

    if not targets.target_domains(study):
        raise NoExampleError("no image that is searched is also learned from: there are no target images to count")
    values: dict[tuple[str, str], F64] = {}
    for domain in targets.target_domains(study):
        row = printed(study, LONG)[domain]
        values[row, "Cosine"] = ap(Cosine(), study, described, domain)
        found = in_threads(partial(trained_with, domain=domain), counts)
        bar = progress_bar(found, total=len(counts), desc=f"Figure 3.5, {domain}", unit="network")
        values |= {(row, str(n)): one for n, one in zip(counts, bar, strict=True)}
    return means(values, TOLERANCE)
