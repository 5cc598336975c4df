"""Environment variables with which networks run fastest on a CPU; they must be set before a process starts.

Batch runs and benchmarks set them. For your own scripts, set them in the shell.
"""

CPU = {
    # OpenMP's threads sleep while they wait. If they spin, as they do by default, and something else wants their core,
    # a small network is trained many times slower.
    "OMP_WAIT_POLICY": "passive",
    # glibc keeps what is freed, up to 512 MiB. By default it gives most of it back at once and gets new pages for the
    # next batch: about a tenth of VGG16's time on frames of 640 x 360, nothing of SqueezeNet's. Tensors above 32 MiB
    # get new pages all the same (see `Backbone.batch_pixels`). Other C libraries ignore these three.
    "MALLOC_TRIM_THRESHOLD_": str(512 << 20),
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    # Large tensors come in huge pages where the system lets programs ask for them: a fifth of VGG16's time on pictures
    # of 1024 x 768, whose maps of 200 MB are 50,000 pages each otherwise.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
