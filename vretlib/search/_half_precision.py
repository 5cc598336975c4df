"""Numbers of sixteen bits in kernels: numba has no such type on a CPU, though processors convert eight of them at once.

Kernels get an array of float16 as its bits, uint16, and read them with `number`.
"""

import platform
from typing import Any

from llvmlite import binding, ir
from numba import config, types
from numba.extending import intrinsic

_X86 = platform.machine().lower() in ("x86_64", "amd64", "i386", "i686")

CAN_READ = not _X86 or (config.CPU_NAME is None and bool(binding.get_host_cpu_features().get("f16c")))
"""Whether this processor converts them; all since 2013 do. LLVM has no other way that works here."""


@intrinsic
def number(_typing: Any, kept: Any) -> Any:
    """A number as float32: the bits of a float16, given as uint16, are converted; a float32 is returned as it is."""

    def from_bits(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.fpext(builder.bitcast(arguments[0], ir.HalfType()), ir.FloatType())

    def unchanged(_context: Any, _builder: Any, _signature: Any, arguments: Any) -> Any:
        return arguments[0]

    return types.float32(kept), from_bits if kept == types.uint16 else unchanged
