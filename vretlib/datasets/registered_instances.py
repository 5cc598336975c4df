"""The collections for instance search in `vretlib.datasets.registry`."""

from vretlib.datasets import verification
from vretlib.datasets.data_set import DataSet

DATA_SETS = (
    DataSet(
        name="shelf-and-street",
        title="Shelf and street: small objects in the places of drawn films",
        chapters=(11,),
        size="made when first needed, into data/cache",
        licence="MIT, as this project",
        obtain="nothing to obtain: the project draws objects and films from a seed",
        use="dataset=embedded",
    ),
    DataSet(
        name="trecvid-ins",
        title="TRECVID instance search (INS 2013 in paper 003)",
        chapters=(11,),
        size="464 hours of video; the 23,614 key frames of paper 003 were not published",
        licence="the BBC's; by agreement with NIST, for research",
        obtain=(
            "www-nlpir.nist.gov/projects/trecvid: key frames in frames/<shot>/, beside them the topics with their "
            "pictures and masks, and the qrels"
        ),
        use="dataset=trecvid data_root={path}",
        check=verification.instances("trecvid"),
    ),
    DataSet(
        name="instances",
        title="Your own images with small objects to be found",
        chapters=(11,),
        size="yours",
        licence="yours",
        obtain="a folder images/ with queries.csv (image,x1,y1,x2,y2,instance) and relevant.csv (instance,image)",
        use="dataset=folder data_root={path}",
        check=verification.instances("folder"),
    ),
)
