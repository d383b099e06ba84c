"""Keeps None alive under PySide6 6.12 on Python 3.11.

Every PySide6 6.12 call that returns nothing hands out None without counting it: it was built as if
None were immortal, which it is only from Python 3.12 on. After a few thousand calls the interpreter
aborts ("deallocating None"). So None gets the immortality here that 3.12 gives it. See
``tests/desktop/test_looks.py``; drop this file when that test passes without it.
"""

from __future__ import annotations

import ctypes
import sys

ENOUGH = 1 << 30


def keep_none() -> None:
    """Make None's reference count too large to be used up."""
    if sys.version_info < (3, 12) and sys.getrefcount(None) < ENOUGH // 2:
        count = ctypes.c_ssize_t.from_address(id(None))
        count.value += ENOUGH
