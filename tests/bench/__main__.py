"""Measure pages or the matching engine: `python -m tests.bench [pages | engine [TABLE ...]]`."""

import sys

from tests.bench import engine, pages


def main() -> None:
    """Measure what the command line asks for, pages and engine by default."""
    part, *rest = sys.argv[1:] or [""]
    if part != "engine":
        pages.main()
    if part != "pages":
        engine.main(rest)


if __name__ == "__main__":
    main()
