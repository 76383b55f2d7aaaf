"""`python3 -m config.stack COMMAND`: what the Makefile calls."""

from __future__ import annotations

import sys

from config.stack import development
from config.stack.messages import Trouble
from config.stack.places import places
from config.stack.progress import complain


def main(arguments: list[str]) -> int:
    """Carry out one command; return its exit status."""
    if arguments == ["cluster"]:
        development.start_cluster(places())
        return 0
    complain("python3 -m config.stack cluster")
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        complain(f"\n{trouble}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
