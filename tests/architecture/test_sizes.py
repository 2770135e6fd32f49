from statistics import median

from tests.architecture.source import functions, length, name, python_files

LONGEST_FILE, MEDIAN_FILE = 300, 80
LONGEST_FUNCTION, MEDIAN_FUNCTION = 50, 10


def test_no_file_is_a_drawer_that_takes_everything() -> None:
    lines = {name(path): len(path.read_text().splitlines()) for path in python_files()}
    assert [path for path, count in lines.items() if count > LONGEST_FILE] == []
    assert median(count for count in lines.values() if count) < MEDIAN_FILE


def test_functions_are_short() -> None:
    lengths = {f"{name(path)}:{node.name}": length(node) for path in python_files() for node in functions(path)}
    assert [where for where, count in lengths.items() if count > LONGEST_FUNCTION] == []
    assert median(lengths.values()) < MEDIAN_FUNCTION


def test_packages_say_nothing_in_their_init() -> None:
    wordy = [name(path) for path in python_files() if path.name == "__init__.py" and path.read_text().strip()]
    assert wordy == []
