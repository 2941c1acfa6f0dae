"""Where to go after a form: only to pages of this application."""

import re
from urllib.parse import urlsplit

# One slash, then nothing a browser would read as the beginning of another host.
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_LONGEST = 2000


def local_target(wanted: str | None, default: str) -> str:
    """Return the wanted address when it is a path of this application, else the default one."""
    if not wanted or len(wanted) > _LONGEST or not _LOCAL.fullmatch(wanted):
        return default
    parts = urlsplit(wanted)
    return default if parts.scheme or parts.netloc else wanted.rstrip("?")
