"""``python -m nevkg``."""

import sys

from nevkg.cli import main

sys.exit(main())
