"""Find a Chromium for the browser tests, or install one where that is possible."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = (
    "No Chromium found, the browser tests will fail. Install it (Debian: apt install chromium) "
    "or name one: CHROMIUM=/path/to/chromium make test"
)


def find() -> str | None:
    """Return the path of a browser that is there already: $CHROMIUM, one in PATH, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None) or _of_playwright()


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).exists() else None


def install() -> str | None:
    """Install a browser with the means of this machine; return its path."""
    if os.environ.get("CHROMIUM"):
        return None  # a wrong name is to be mended, not worked around
    for command in _means():
        print("+", " ".join(command), flush=True)
        if subprocess.run(command, check=False).returncode == 0 and (path := find()):
            return path
    return None


def _means() -> list[list[str]]:
    download = [sys.executable, "-m", "playwright", "install", "chromium"]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = ["apt-get", "-o", "Dpkg::Use-Pty=0", "-qq"]
        packages = ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]
        return [[*quiet, "update"], [*quiet, *packages], download]
    return [download]


def main() -> None:
    """Print the browser's path, installing one first when needed; the tests say when there is none."""
    print(find() or install() or ADVICE)


if __name__ == "__main__":
    main()
