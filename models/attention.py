"""How a model attends, and how what it has read is kept: choices that llama.cpp leaves to whoever opens it.

FlashAttention (Dao et al. 2022) computes the same attention without ever writing down its whole matrix.
"""

from __future__ import annotations

from dataclasses import dataclass

FLASH = ("auto", "on", "off")
KINDS = ("f16", "q8_0", "q4_0")  # 16, 8.5 and 4.5 bits a number


@dataclass(frozen=True, slots=True)
class Attention:
    """One of ``FLASH``, and one of ``KINDS`` for the keys and for the values that are kept of every token."""

    flash: str = "auto"
    keys: str = "f16"
    values: str = "f16"

    @property
    def refusal(self) -> str:
        """Why these cannot be chosen together, as a sentence for the user; empty if they can."""
        if self.flash not in FLASH or not {self.keys, self.values} <= set(KINDS):
            return f"Attention is {_or(FLASH)}, and its keys and values are kept as {_or(KINDS)}."
        if self.flash == "off" and self.values != "f16":
            return (
                f"Values can be kept as {self.values} only with flash attention. "
                "Set flash_attention to auto or on, or cache_values to f16."
            )
        return ""


def _or(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
