"""Waiting for something that comes by itself, and saying what is there instead when it does not."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class Failed(Exception):
    """Something that was promised does not hold."""


def until(seconds: float, what: str, probe: Callable[[], Found | None], instead: Callable[[], str]) -> Found:
    """Polls until the probe finds something; fails with what is there instead when it takes too long."""
    deadline = time.monotonic() + seconds
    while not (found := probe()):
        if time.monotonic() > deadline:
            raise Failed(f"not within {seconds:.0f} s: {what}\n  {instead()}")
        time.sleep(0.1)
    return found
