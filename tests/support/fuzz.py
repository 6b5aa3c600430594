"""How long fuzzers run: ``NEVKG_FUZZ=20`` makes them twenty times as long, with further seeds."""

from __future__ import annotations

import os

FUZZ = int(os.environ.get("NEVKG_FUZZ", "1"))
