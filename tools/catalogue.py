"""Gather the texts of the sources into the message catalogues and compile them."""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.util import pathmatch

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "volunteer_match" / "translations"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "_n": (1, 2),
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
}


def extract() -> Catalog:
    """Return every text the sources mark for translation."""
    with (FOLDER / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    catalogue = Catalog(charset="utf-8")
    wanted = [pattern for pattern, _ in methods]
    for top in sorted({pattern.split("/")[0] for pattern in wanted}):
        inside = [(p.removeprefix(f"{top}/"), method) for p, method in methods if pathmatch(f"{top}/**", p)]
        given = {p.removeprefix(f"{top}/"): value for p, value in options.items()}
        found = extract_from_dir(
            ROOT / top,
            inside,
            given,
            keywords=KEYWORDS,
            strip_comment_tags=True,
            directory_filter=_any_folder,
        )
        for _file, _line, message, comments, context in found:
            catalogue.add(message, auto_comments=comments, context=context)
    return catalogue


def _any_folder(_path: object) -> bool:
    # Babel's own filter passes over templates/email/_base, as over every name that begins with an underscore.
    return True


def files() -> list[Path]:
    """Return the catalogues of all languages."""
    return sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))


def load(path: Path) -> Catalog:
    """Read the catalogue of a language."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def compiled(catalogue: Catalog) -> bytes:
    """Return the binary form the application reads."""
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def is_missing(message: Message) -> bool:
    """Tell whether a text has no translation, or not in every plural form."""
    if not message.id:
        return False
    texts = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    return message.fuzzy or not all(texts)


def main() -> None:
    """Bring every catalogue up to date and say what is left to translate."""
    template = extract()
    for path in files():
        catalogue = load(path)
        catalogue.update(template, no_fuzzy_matching=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, sort_output=True, ignore_obsolete=True)
        path.with_suffix(".mo").write_bytes(compiled(catalogue))
        missing = [message.id for message in catalogue if is_missing(message)]
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} texts, {len(missing)} to translate")
        for text in missing:
            print("  ", text)


if __name__ == "__main__":
    main()
