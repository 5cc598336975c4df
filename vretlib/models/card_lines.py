"""What ``python -m vretlib weights`` says of each kind of card: headings and texts of a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from vretlib.models.cards import Card

Lines = Iterator[tuple[str, str]]


def of_backbone(card: Card) -> Lines:
    """Lines of the card of a backbone."""
    data, shape, quality, start = card["data"], card["shape"], card["accuracy"], card.get("start")
    learned = data["images"] - data["held_out"]
    yield "network", f"{shape['topology']} of {'-'.join(map(str, shape['widths']))} channels"
    yield "learned", f"{learned:,} photographs of generated buildings, {card['steps']:,} steps, seed {card['seed']}"
    if start:
        yield "from", f"{start['file']}, sha256 {start['sha256'][:8]}"
        change = f"{quality['before']:.3f} before, {quality['held_out']:.3f} after"
        yield "accuracy", f"mAP of MAC on {data['held_out']} photographs of held-out classes: {change}"
    else:
        yield "accuracy", f"{quality['held_out']:.1%} of {data['held_out']} held-out photographs classified rightly"


def of_encoders(card: Card) -> Lines:
    """Lines of the card of the temporal encoders."""
    data, read = card["data"], card["descriptors"]
    yield "reads", f"R-MAC of {read['network']}, {read['fps']:g} frames a second, {read['image_side']} pixels"
    yield (
        "learned",
        f"{data['clips'] - data['held_out']} clips of drawn films, {card['steps']:,} steps, {card['seeds']}",
    )
    found = (f"{kind} {min(of):.3f} to {max(of):.3f}" for kind, of in card["accuracy"]["lstm"].items())
    yield "accuracy", f"mAP of the LSTM on {card['accuracy']['measure'].split(' of ', 1)[1]}: {', '.join(found)}"


def of_faces(card: Card) -> Lines:
    """Lines of the card of the face network."""
    data, quality = card["data"], card["accuracy"]
    yield "network", f"ten convolutions of {'-'.join(map(str, card['shape']['widths']))} channels"
    yield (
        "learned",
        f"{data['people'] - data['people_apart']} drawn people, {card['steps']:,} steps, seed {card['seed']}",
    )
    yield (
        "accuracy",
        (
            f"{quality['held_out']:.1%} of {data['held_out']:,} held-out crops told rightly; mAP of videos of "
            f"{data['people_apart']} people who were not learned: {quality['map_of_people_apart']:.3f}"
        ),
    )


def of_hash_functions(card: Card) -> Lines:
    """Lines of the card of paper 001's hash functions: networks of one stage or both, or KSH."""
    data, longest = card["data"], max(card["bits"])
    yield (
        "methods",
        f"{', '.join(card['objectives'])}: {', '.join(map(str, card['bits']))} bits, "
        f"seeds {', '.join(map(str, card['seeds']))}",
    )
    learned = f"{data['videos']} videos of {data['people']} drawn people"
    if "steps" in card:
        learned += f", {card['steps']:,} steps in {'two stages' if card['recipe']['second'] else 'one stage'}"
    yield "learned", learned
    stored = {name: card["accuracy"]["stored"][f"{name}, {longest} bits"] for name in card["objectives"]}
    among = f" among {data['searched']['videos']} videos of others" if "searched" in data else ""
    found = (f"{name} {sum(of) / len(of):.3f}" for name, of in stored.items())
    yield (
        "accuracy",
        f"mAP of {data['queries']} query videos{among} with {longest} bits, mean over seeds: {', '.join(found)}",
    )


def of_spaces(card: Card) -> Lines:
    """Lines of the card of the common spaces of paintings and texts."""
    data, stored = card["data"], card["accuracy"]["stored"]
    yield "networks", f"{', '.join(card['networks'])}: seeds {', '.join(map(str, card['seeds']))}"
    yield "learned", f"{data['learned']:,} drawn paintings and their comments, {card['steps']:,} steps"
    found = (f"{name} {min(of):g} to {max(of):g}" for name, of in stored.items())
    yield "accuracy", f"median rank of {data['tested']} test texts: {', '.join(found)}"


def of_end_to_end(card: Card) -> Lines:
    """Lines of the card of chapter 3's descriptor and similarity."""
    data, quality = card["data"], card["accuracy"]
    learned = data["images"] - data["held_out"]
    yield "reads", f"photographs of {card['learned_from']['image_size']} pixels"
    yield "learned", f"{learned:,} photographs of generated buildings, {card['steps']:,} steps, seed {card['seed']}"
    change = f"{quality['before']:.3f} before, {quality['held_out']:.3f} after"
    yield "accuracy", f"mAP on {data['held_out']} held-out photographs: {change}"


def of_similarities(card: Card) -> Lines:
    """Lines of the card of chapter 3's similarity networks."""
    kinds = [one["what"] for one in card["networks"]]
    yield "networks", ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    sizes = sorted(one["n"] for one in card["sets"])
    learned = f"{len(sizes)} sets of {sizes[0]:,} to {sizes[-1]:,} photographs of generated buildings"
    yield "learned", f"{learned}, {card['settings']['steps']:,} steps, seed {card['seed']}"
    found = [value for pair in card["accuracy"]["held_out"] for value in pair]
    yield "accuracy", f"mAP on held-out photographs: {min(found):.3f} to {max(found):.3f}"


def of_face_detector(card: Card) -> Lines:
    """Lines of the card of a detector that was fine-tuned on faces."""
    data, quality = card["data"], card["accuracy"]
    yield "from", f"{card['start']['file']}, sha256 {card['start']['sha256'][:8]}"
    yield (
        "learned",
        f"{data['images']:,} pictures of {data['people']} drawn people, {card['steps']:,} steps, seed {card['seed']}",
    )
    overlap = f"{quality['mean_overlap_before']:.3f} before, {quality['mean_overlap']:.3f} after"
    yield (
        "accuracy",
        f"{quality['measure']}: recall {quality['recall_at_300']:.3f}, overlap {overlap}, mAP {quality['map']:.3f} "
        f"({quality['map_of_shuffled_names']:.3f} with shuffled names)",
    )


def of_detector(card: Card) -> Lines:
    """Lines of the card of a detector."""
    shape, data, quality = card["shape"], card["data"], card["accuracy"]
    yield "network", f"Faster R-CNN, {shape['network']} of {'-'.join(map(str, shape['widths']))} channels"
    yield (
        "learned",
        f"{data['images']:,} drawn scenes of {len(shape['classes'])} classes, {card['recipe']['steps']:,} steps, "
        f"seed {card['seed']}",
    )
    yield (
        "accuracy",
        (
            f"300 proposals find {quality['recall_at_300']:.1%} of the boxes in {data['held_out']} held-out scenes "
            f"(untrained {quality['recall_at_300_untrained']:.1%}); mAP {quality['map']:.3f}"
        ),
    )


def of_query_detector(card: Card) -> Lines:
    """Lines of the card of a detector that was fine-tuned to the queries of a collection."""
    data, quality = card["data"], card["accuracy"]
    yield "from", f"{card['start']['file']}, sha256 {card['start']['sha256'][:8]}"
    yield (
        "learned",
        f"{data['images']} queries of {data['learned']}, strategy {card['recipe']['strategy']}, "
        f"{card['recipe']['steps']:,} steps, seed {card['seed']}",
    )
    yield "accuracy", f"{quality['measure']}: {quality['views']:.3f} on {data['views']} images that were not learned"
