"""Files from anybody's spreadsheet are read, or refused with a reason."""

import pytest

from volunteer_match.imports.availability import weekdays, weekly_hours
from volunteer_match.imports.rules import (
    MAX_BYTES,
    MAX_ROWS,
    Column,
    Table,
    TableError,
    guess_mapping,
    missing_columns,
    parts,
    read_table,
    rows_of,
)

COLUMNS = (Column("name", ("nazwa", "name"), required=True), Column("place", ("dzielnica",)))


def refused(content: bytes) -> str:
    with pytest.raises(TableError) as caught:
        read_table(content)
    return caught.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250"])
def test_polish_letters_survive_every_usual_encoding(encoding):
    table = read_table("nazwa;miasto\nŻółw;Łódź\n".encode(encoding))

    assert table.rows == ((2, ("Żółw", "Łódź")),)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_every_usual_delimiter_is_found(delimiter):
    table = read_table(f"a{delimiter}b\n1{delimiter}2\n".encode())

    assert (table.headings, table.rows) == (("a", "b"), ((2, ("1", "2")),))


def test_cells_in_quotes_may_span_lines():
    table = read_table(b'a;b\n"one\ntwo";2\nx;y\n')

    assert table.rows == ((3, ("one\ntwo", "2")), (4, ("x", "y")))


def test_empty_lines_are_left_out():
    assert len(read_table(b"a;b\n;\n\n1;2\n").rows) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \n \n", "empty"),
        (b"a;b\n", "no_rows"),
        (b"PK\x03\x04rest", "not_csv"),
        (b"a;b\n1;\x00", "not_csv"),
        ("a;b\n1;2".encode("utf-16"), "not_csv"),
        (b"a;b\n\x81\x83;2\n", "encoding"),
        (b"a;A\n1;2\n", "heading_twice"),
        (b'a;b\n"open;2\n', "broken_quotes"),
        (b"a\n" + b"x" * MAX_BYTES, "too_large"),
        (b"a\n" + b"1\n" * (MAX_ROWS + 1), "too_many_rows"),
        (b"a\n" + b"1\n" * 10_000, "too_many_rows"),
        (";".join(f"h{n}" for n in range(100)).encode() + b"\n1\n", "too_many_columns"),
        (b"a\n" + b"x" * 200_000, "broken_quotes"),
    ],
)
def test_unusable_files_are_refused_with_a_reason(content, code):
    assert refused(content) == code


def test_headings_are_recognised_without_case_and_diacritics():
    mapping = guess_mapping((Column("title", ("tytuł",)),), ("TYTUL", "x"))

    assert mapping == {"title": "TYTUL"}


def test_foreign_headings_leave_required_columns_missing():
    mapping = guess_mapping(COLUMNS, ("organisation", "dzielnica"))

    assert missing_columns(COLUMNS, mapping) == ["name"]


def test_a_mapping_by_hand_gives_the_values():
    table = read_table(b"organisation;x\nKlub;1\n")

    assert rows_of(table, {"name": "organisation"})[0] == [(2, {"name": "Klub"})]


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+cmd", "-cmd", "\uff1dA1"])
def test_formulas_are_complaints(cell):
    _rows, complaints = rows_of(Table(("name",), ((2, (cell,)),)), {"name": "name"})

    assert [(c.line, c.column, c.code) for c in complaints] == [(2, "name", "formula")]


@pytest.mark.parametrize("cell", ["+48 600 000 000", "-5", "- (wolne)", "600"])
def test_numbers_with_signs_are_no_formulas(cell):
    assert rows_of(Table(("name",), ((2, (cell,)),)), {"name": "name"})[1] == []


def test_a_long_cell_is_a_complaint():
    _rows, complaints = rows_of(Table(("name",), ((2, ("x" * 5000,)),)), {"name": "name"})

    assert complaints[0].code == "cell_too_long"


def test_more_cells_than_headings_are_a_complaint():
    _rows, complaints = rows_of(read_table(b"name;x\na;b;c\n"), {"name": "name"})
    assert [c.code for c in complaints] == ["too_many_cells"]


def test_lists_in_a_cell_are_split():
    assert parts("malowanie, szycie|gitara/ śpiew") == ["malowanie", "szycie", "gitara", "śpiew"]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("sob 8-18", [("5", "8:00", "18:00")]),
        ("pon-wt 15:30-20", [("0", "15:30", "20:00"), ("1", "15:30", "20:00")]),
        ("śr 9.00-12.15, Sun 10-24", [("2", "9:00", "12:15"), ("6", "10:00", "00:00")]),
        ("", []),
    ],
)
def test_weekly_hours_are_read_as_people_write_them(text, rows):
    assert [(r["weekday"], r["starts"], r["ends"]) for r in weekly_hours(text)] == rows


@pytest.mark.parametrize("text", ["kiedyś", "sob", "pt-pon 8-9", "abc 8-9", "sob 8"])
def test_unreadable_hours_name_the_part(text):
    with pytest.raises(ValueError, match=text):
        weekly_hours(text)


def test_weekdays_are_read_in_both_languages():
    assert weekdays("pon, śr,Friday") == [0, 2, 4]
