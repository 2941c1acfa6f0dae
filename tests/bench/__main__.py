"""Measure what pages cost: `python -m tests.bench [pages]`."""

from tests.bench import pages

if __name__ == "__main__":
    pages.main()
