"""Commands of the command line that make README's tables of papers 003 and 000 on real data."""

from __future__ import annotations

from pathlib import Path

import click

_network = click.option(
    "--network", default="squeezenet1_1", show_default=True, metavar="NAME", help="Describes images."
)
_weights = click.option(
    "--weights", default="imagenet", show_default=True, metavar="NAME|FILE", help="The network's, or a file of them."
)


@click.command("real-regions")
@click.option("--film", type=click.Path(path_type=Path), metavar="FILE", help="A film; its shots are searched.")
@click.option("--products", type=click.Path(path_type=Path), metavar="DIR", help="Folder of GroceryStoreDataset.")
@click.option(
    "--regions",
    type=click.Choice(["windows", "selective-search"]),
    default="windows",
    show_default=True,
    help="Regions of an image: 39 windows, or OpenCV's Selective Search, which takes about an eighth of a second.",
)
@_network
@_weights
def regions(film: Path | None, products: Path | None, regions: str, network: str, weights: str) -> None:
    """Search drawn towns, a film and photographs of products in the ways of paper 003, and print README's table.

    \b
    Example:
      python -m vretlib real-regions --film ~/films/big_buck_bunny_360p.mp4 --products ~/groceries
    """  # noqa: D301
    from vretlib import files
    from vretlib.features import backbones
    from vretlib.real_runs import region_search

    film, shop = (path and files.given(path) for path in (film, products))
    click.echo(region_search.make(backbones.load(network, weights), film=film, shop=shop, proposals=regions))


@click.command("real-faces")
@click.argument("patches", type=click.Path(path_type=Path))
@click.argument("finder", type=click.Path(path_type=Path))
@click.argument("embedding", type=click.Path(path_type=Path))
@_network
@_weights
def faces(patches: Path, finder: Path, embedding: Path, network: str, weights: str) -> None:
    """Find faces in PATCHES (scikit-image's lfw_subset.npy) and print README's tables.

    FINDER is the .onnx file of YuNet and EMBEDDING that of SFace, both of OpenCV's model zoo.

    \b
    Example:
      python -m vretlib real-faces lfw_subset.npy face_detection_yunet_2023mar.onnx face_recognition_sface_2021dec.onnx
    """  # noqa: D301
    from vretlib import files
    from vretlib.features import backbones
    from vretlib.features.opencv_detectors import FaceEmbedding, FaceFinder
    from vretlib.real_runs import face_patches

    given = files.given(patches), FaceFinder(files.given(finder)), FaceEmbedding(files.given(embedding))
    click.echo(face_patches.make(*given, backbones.load(network, weights)))


@click.command("real-boxes")
@click.argument("film", type=click.Path(path_type=Path))
@click.argument("detector", type=click.Path(path_type=Path))
@click.argument("photographs", nargs=-1, type=click.Path(path_type=Path))
@click.option("--out", default="boxes.png", show_default=True, type=click.Path(path_type=Path), metavar="FILE")
@_network
@_weights
def boxes(film: Path, detector: Path, photographs: tuple[Path, ...], out: Path, network: str, weights: str) -> None:
    """Find objects in FILM and PHOTOGRAPHS, search the film for them, print README's tables, and draw its picture.

    DETECTOR is the frozen graph (.pb) of an SSD with COCO's classes; its folder holds its .pbtxt and no other one.

    \b
    Example:
      python -m vretlib real-boxes ~/films/big_buck_bunny_360p.mp4 ssd/frozen_inference_graph.pb chelsea.png coffee.png
    """  # noqa: D301
    from vretlib import files, outputs
    from vretlib.errors import UserError
    from vretlib.features import backbones
    from vretlib.features.opencv_detectors import ObjectFinder
    from vretlib.real_runs import object_boxes

    detector, out = files.given(detector), files.given(out)
    outputs.check(out)
    if len(beside := sorted(detector.parent.glob("*.pbtxt"))) != 1:
        raise UserError(f"{detector.parent}: {len(beside)} .pbtxt files; expected the one of {detector.name}")
    finder, pictures = ObjectFinder(detector, beside[0]), [files.given(path) for path in photographs]
    click.echo(object_boxes.make(files.given(film), pictures, finder, backbones.load(network, weights), out))
