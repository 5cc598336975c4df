"""The data sets that chapters read: size, licence, how to obtain them, and how to verify a copy."""

from collections.abc import Iterator
from pathlib import Path

from vretlib import files
from vretlib.datasets import verification
from vretlib.datasets.data_set import DataSet
from vretlib.datasets.registered_instances import DATA_SETS as INSTANCES
from vretlib.datasets.verification import Finding
from vretlib.errors import UserError


def verify(name: str, path: str | Path) -> Iterator[Finding]:
    """Findings about a copy of a data set, file by file, bad files included.

    Raises
    ------
    UserError: the name or the path does not exist, or there is nothing to check.
    """
    data, path = find(name), files.given(path)
    if data.check is None:
        raise UserError(f"{name}: nothing to verify; {data.obtain}")
    if files.status(path) is None:
        raise UserError(f"{path}: no such file or folder. {data.title}: {data.obtain}")
    return data.check(path)


def find(name: str) -> DataSet:
    """The data set of this name; a `UserError` lists the known names."""
    for data in DATA_SETS:
        if data.name == name:
            return data
    raise UserError(f"{name}: no such data set; there are {', '.join(data.name for data in DATA_SETS)}")


_PHOTOGRAPHERS = "the photographers', under Flickr's terms of use; for research"

_LIST = "queries.csv (image, movie, and frame or start)"

_STUDY = "dataset=oxford_paris data_root={path}/.."

DATA_SETS = (
    DataSet(
        name="embedded",
        title="Embedded films",
        chapters=(4, 5),
        size="made when first needed, into data/cache",
        licence="MIT, as this project",
        obtain="nothing to obtain: the project draws, films and photographs them from a seed",
        use="dataset=embedded",
    ),
    DataSet(
        name="movies",
        title="Your own films",
        chapters=(4, 5),
        size="yours",
        licence="yours",
        obtain=f"a folder of films; beside them, if you took photographs, {_LIST}",
        use="dataset=folder data_root={path}",
        check=verification.films,
    ),
    DataSet(
        name="moviesdb",
        title="MoviesDB of the thesis (section 4.3)",
        chapters=(4, 5),
        size="40 films, 80 hours",
        licence="commercial films; the thesis does not distribute them",
        obtain="not available; a folder of films that you own, with queries.csv, has the same shape",
        use="dataset=folder data_root={path}",
        check=verification.films,
    ),
    DataSet(
        name="big-buck-bunny",
        title="Big Buck Bunny, 640x360, 24 fps, 9:56, without sound",
        chapters=(4, 5),
        size="32 MB",
        licence="CC BY 3.0, (c) 2008 Blender Foundation, www.bigbuckbunny.org",
        obtain="peach.blender.org/download; other renditions of the film serve as well, but have another checksum",
        use="dataset=folder data_root={path}",
        check=verification.checksum("475b1e4ae4b1c9ad6791e49a66151ad99a3c1cddf129a44377c3ec77c1d75528"),
    ),
    DataSet(
        name="embedded-landmarks",
        title="Embedded landmarks",
        chapters=(2, 3, 11),
        size="made when first needed, into data/cache",
        licence="MIT, as this project",
        obtain="nothing to obtain: the project draws buildings from a seed and photographs them",
        use="dataset=embedded",
    ),
    DataSet(
        name="oxford5k",
        title="Oxford5k (Philbin et al. 2007)",
        chapters=(2, 3, 11),
        size="5,062 images, about 2 GB; 55 queries",
        licence=_PHOTOGRAPHERS,
        obtain=(
            "www.robots.ox.ac.uk/~vgg/data/oxbuildings: unpack oxbuild_images.tgz into oxford5k/images "
            "and gt_files_170407.tgz into oxford5k/gt"
        ),
        use=_STUDY,
        check=verification.collection("oxford5k"),
    ),
    DataSet(
        name="paris6k",
        title="Paris6k (Philbin et al. 2008)",
        chapters=(2, 3, 11),
        size="6,412 images, of which 20 are corrupt and left out, about 2.5 GB; 55 queries",
        licence=_PHOTOGRAPHERS,
        obtain=(
            "www.robots.ox.ac.uk/~vgg/data/parisbuildings: unpack paris_1.tgz and paris_2.tgz into paris6k/images "
            "and paris_120310.tgz into paris6k/gt"
        ),
        use=_STUDY,
        check=verification.collection("paris6k"),
    ),
    DataSet(
        name="roxford5k",
        title="Revisited Oxford (Radenović et al. 2018)",
        chapters=(2,),
        size="4,993 images of Oxford5k; 70 queries",
        licence=_PHOTOGRAPHERS,
        obtain="Oxford5k's images in roxford5k/images, and beside it gnd_roxford5k.pkl of cmp.felk.cvut.cz/revisitop",
        use="dataset=roxford5k data_root={path}",
        check=verification.collection("roxford5k"),
    ),
    DataSet(
        name="rparis6k",
        title="Revisited Paris (Radenović et al. 2018)",
        chapters=(2,),
        size="6,322 images of Paris6k; 70 queries",
        licence=_PHOTOGRAPHERS,
        obtain="Paris6k's images in rparis6k/images, and beside it gnd_rparis6k.pkl of cmp.felk.cvut.cz/revisitop",
        use="dataset=rparis6k data_root={path}",
        check=verification.collection("rparis6k"),
    ),
    DataSet(
        name="distractors",
        title="100,000 distractors of Oxford105k and Paris106k (Philbin et al. 2007)",
        chapters=(3,),
        size="100,000 images in 40 archives; any folder of images serves",
        licence=_PHOTOGRAPHERS,
        obtain="Flickr 100k at www.robots.ox.ac.uk/~vgg/data/oxbuildings, unpacked into distractors/",
        use=_STUDY,
        check=verification.distractors,
    ),
    DataSet(
        name="landmarks",
        title="LANDMARKS (Babenko et al. 2014), its LAND5K, or your own images in a folder per class",
        chapters=(2, 3),
        size="33,119 images to learn from and 4,915 of LAND5K in the thesis; yours as they are",
        licence="the photographers', or yours",
        obtain="published as a list of addresses, many of them dead; any folder of class folders has the same shape",
        use="dataset=folder data_root={path}",
        check=verification.collection("folder"),
    ),
    DataSet(
        name="embedded-clips",
        title="Embedded clips: films and newscasts",
        chapters=(6, 8),
        size="made when first needed, into data/cache",
        licence="MIT, as this project",
        obtain="nothing to obtain: the project draws, films, cuts and photographs them from a seed",
        use="dataset=embedded",
    ),
    DataSet(
        name="stanford-i2v",
        title="Stanford I2V (Araujo et al. 2015), and VB beside it",
        chapters=(6, 8),
        size="the thesis searches 3,401 clips, 160 hours, with 229 queries",
        licence="the broadcasters'; for research only",
        obtain="purl.stanford.edu/zx935qw7203: dated folders in videos/, queries/, full_dataset_public.txt; VB in vb/",
        use="dataset=stanford_i2v data_root={path}",
        check=verification.clips("stanford_i2v"),
    ),
    DataSet(
        name="clips",
        title="Your own videos, a single long one, or a folder as MoviesDB",
        chapters=(6, 8),
        size="yours",
        licence="yours",
        obtain=f"a folder of videos; beside them, if you have queries, {_LIST}",
        use="dataset=folder data_root={path}",
        check=verification.videos,
    ),
    DataSet(
        name="ntu-voi",
        title="NTU-VOI (paper 002), or your own clips: each a video or a folder of frames",
        chapters=(6, 8),
        size="146 clips in the paper; yours as they are",
        licence="the authors', or yours",
        obtain=f"a folder of clips; beside them, if you have queries, {_LIST}",
        use="dataset=ntu_voi data_root={path}",
        check=verification.own_clips,
    ),
    DataSet(
        name="embedded-paintings",
        title="Embedded paintings, with titles and comments",
        chapters=(7,),
        size="made when first needed, into data/cache",
        licence="MIT, as this project",
        obtain="nothing to obtain: the project paints and describes them from a seed",
        use="dataset=embedded",
    ),
    DataSet(
        name="semart",
        title="SemArt (Garcia and Vogiatzis 2018)",
        chapters=(7,),
        size="21,382 paintings: 19,244 to learn from, 1,069 for validation, 1,069 to test on",
        licence="images and comments of the Web Gallery of Art; for research",
        obtain="noagarciad.com/SemArt: unpack semart_train.csv, semart_val.csv, semart_test.csv and Images/ together",
        use="dataset=semart data_root={path}",
        check=verification.semart,
    ),
    DataSet(
        name="paintings",
        title="Your own table of texts and a folder of images",
        chapters=(7,),
        size="yours, at least six images",
        licence="yours",
        obtain="a CSV in UTF-8 with a column of image files and one of texts; the page has parameters for their names",
        use="dataset=table data_root={path}",
    ),
    DataSet(
        name="embedded-faces",
        title="Drawn faces A and B",
        chapters=(9, 10),
        size="made when first needed, into data/cache",
        licence="MIT, as this project",
        obtain="nothing to obtain: the project draws people and films them from a seed",
        use="dataset=embedded",
    ),
    DataSet(
        name="ytc",
        title="YouTube Celebrities (Kim et al. 2008)",
        chapters=(9, 10),
        size="1,910 clips of 47 people, 10,291 tracks in paper 001",
        licence="the makers' of the videos; for research",
        obtain=(
            "www.seqpack.com: the clips in one folder, named <n>_<video>_<clip>_<first>_<last>, with the list of "
            "boxes beside them, or folders of cut-out faces with the clips' names"
        ),
        use="dataset=ytc data_root={path}",
        check=verification.faces("ytc"),
    ),
    DataSet(
        name="umdfaces",
        title="UMDFaces (Bansal et al. 2017)",
        chapters=(10,),
        size="22,075 videos of 3,107 people, of whom paper 001 takes 200; 367,888 faces in stills",
        licence="for research, not for commerce",
        obtain="umdfaces.io, if it still answers: umdfaces_batch1 to 3 with their lists *_ultraface.csv in one folder",
        use="dataset=umdfaces data_root={path}",
        check=verification.faces("umdfaces"),
    ),
    DataSet(
        name="youtube-faces",
        title="YouTube Faces (Wolf et al. 2011)",
        chapters=(9, 10),
        size="3,425 videos of 1,595 people, about 25 GB",
        licence="the makers' of the videos; for research",
        obtain="www.cs.tau.ac.il/~wolf/ytfaces, after a form: unpack YouTubeFaces.tar.gz, which has frame_images_DB/",
        use="dataset=youtube_faces data_root={path}",
        check=verification.faces("youtube_faces"),
    ),
    DataSet(
        name="faces",
        title="Your own faces or films of people, in a folder for each person and video",
        chapters=(9, 10),
        size="yours, at least two people with two videos",
        licence="yours",
        obtain="folders person/video/frame: for chapter 10 faces that are cut out, for chapter 9 whole frames",
        use="dataset=folder data_root={path}",
        check=verification.faces("folder"),
    ),
    *INSTANCES,
)
