"""Words for what a file can hold and what can be wrong with it."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class ImportKind(StrEnum):
    """What a file lists."""

    PARTNERS = "partners"
    NEEDS = "needs"
    VOLUNTEERS = "volunteers"
    LENDING = "lending"


KINDS = {
    ImportKind.PARTNERS: _l("Partners"),
    ImportKind.NEEDS: _l("Needs"),
    ImportKind.VOLUNTEERS: _l("Volunteers"),
    ImportKind.LENDING: _l("Rooms and things to lend"),
}

FILE_COMPLAINTS = {
    "too_large": _l("The file is larger than %(limit_mb)d MB. Split it and import the parts."),
    "not_csv": _l("This is not a CSV file. In your spreadsheet choose “Save as”, then CSV."),
    "encoding": _l("The letters of this file cannot be read. Save it as CSV UTF-8."),
    "empty": _l("The file is empty."),
    "no_rows": _l("The file has headings but no lines below them."),
    "too_many_rows": _l("The file has %(rows)d lines; at most %(limit)d fit into one import. Split it."),
    "too_many_columns": _l("The file has more than %(limit)d columns."),
    "broken_quotes": _l("Quotation marks do not close near line %(line)d."),
    "heading_twice": _l("The heading “%(heading)s” appears twice."),
}

CELL_COMPLAINTS = {
    "too_many_cells": _l("The line has more cells than there are headings."),
    "cell_too_long": _l("The text is longer than %(limit)d characters."),
    "formula": _l("The cell holds a spreadsheet formula. Enter the plain value."),
    "unknown": _l("“%(value)s” is not known. Choose from: %(known)s."),
    "unknown_name": _l("“%(value)s” is not known here. Check the spelling or add it first."),
    "ambiguous": _l("“%(value)s” stands for several entries."),
    "availability": _l("“%(value)s” is not a time like “Sat 9-18” or “Mon-Fri 15-20”."),
    "already_there": _l("“%(value)s” is already there."),
    "twice": _l("The same as line %(line)d."),
    "too_slow": _l(
        "Up to here is enough for one import. Put this line and those that follow into a second file."
    ),
    "differs": _l("A further line of the same need must leave this empty or repeat it."),
}
