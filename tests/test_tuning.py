import os
import platform
import subprocess
import sys

import pytest

from vretlib import tuning

AS_A_NETWORK_DOES = """
import resource
import numpy as np
def batch():
    layers = [np.ones(5 << 20, np.float32) for _ in range(6)]
batch()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    batch()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="others give memory back by rules of their own")
def test_memory_of_one_batch_serves_the_next() -> None:
    def page_faults(variables: dict[str, str]) -> int:
        env = {name: value for name, value in os.environ.items() if name not in tuning.CPU} | variables
        done = subprocess.run([sys.executable, "-c", AS_A_NETWORK_DOES], env=env, capture_output=True, check=True)
        return int(done.stdout)

    assert page_faults(tuning.CPU) < page_faults({}) / 10
