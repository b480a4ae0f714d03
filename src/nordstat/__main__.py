"""``python -m nordstat``."""

from nordstat.cli import main

main()
