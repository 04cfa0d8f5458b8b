"""`python -m npp_publish` is `npp-publish`."""

import sys

from .cli import main

sys.exit(main())
