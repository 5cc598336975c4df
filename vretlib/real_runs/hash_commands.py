"""The command that makes README's table of hash codes on real pixels."""

from functools import partial
from pathlib import Path

import click


@click.command("real-hashes")
@click.option(
    "--bits", "-b", type=click.IntRange(1, 1024), multiple=True, default=(12, 48), show_default=True,
    help="May be repeated.",
)  # fmt: skip
@click.option("--seeds", type=click.IntRange(1, 100), default=3, show_default=True, help="Trainings of each method.")
@click.option("--products", type=click.Path(path_type=Path), default=None, help="Folder of GroceryStoreDataset.")
@click.option("--network", default="squeezenet1_1", show_default=True, help="Describes photographs of products.")
@click.option("--weights", "source", default="imagenet", show_default=True, help="The network's, or a file of them.")
@click.option(
    "--faces",
    type=(click.Path(path_type=Path), click.Path(path_type=Path)),
    metavar="YUNET SFACE",
    help="Files (.onnx) of OpenCV's model zoo that find and describe faces: scikit-image's, and drawn ones.",
)
def hashes(
    bits: tuple[int, ...], seeds: int, products: Path | None, network: str, source: str, faces: tuple[Path, Path] | None
) -> None:
    """Hash scikit-learn's digits, photographs of products, and faces; print README's table of paper 001's methods.

    \b
    Examples:
      python -m vretlib real-hashes
      python -m vretlib real-hashes --bits 24 --products ~/GroceryStoreDataset
      python -m vretlib real-hashes --products ~/groceries --weights squeezenet1_1_imagenet.pth
      python -m vretlib real-hashes --faces face_detection_yunet_2023mar.onnx face_recognition_sface_2021dec.onnx
    """  # noqa: D301
    from vretlib import files
    from vretlib.features import backbones
    from vretlib.features.opencv_detectors import FaceEmbedding, FaceFinder
    from vretlib.real_runs import face_patches
    from vretlib.real_runs import hashes as of_real_pixels

    describe = None
    if faces:
        finder, embedding = FaceFinder(files.given(faces[0])), FaceEmbedding(files.given(faces[1]))
        describe = partial(face_patches.sface_vector, finder=finder, embedding=embedding)
    shop = (files.given(products), backbones.load(network, source)) if products else None
    click.echo(of_real_pixels.make(bits, range(seeds), shop=shop, describe=describe))
