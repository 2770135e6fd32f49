import re
import subprocess

from reviews_app.config import Settings
from tests.architecture.source import TOP

INDEX_HOSTS = re.compile(r"(pypi|pythonhosted|npmjs|registry)\.(org|com|python\.org)|--index-url|--find-links", re.I)
MACHINE_PATHS = re.compile(r"(^|[^A-Za-z0-9_.])/(work|root|home/[a-z]+|Users/[a-z]+)/")


def committed_texts() -> list[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True).stdout.split("\n")
    texts = []
    for name in listed:
        path = TOP / name
        if name and path.is_file() and path.suffix not in {".webp", ".png", ".woff2", ".mo"}:
            texts.append((name, path.read_text(errors="replace")))
    assert len(texts) > 200
    return texts


def test_every_setting_is_documented() -> None:
    text = (TOP / "docs" / "settings.md").read_text()
    assert [name for name in Settings.model_fields if f"`{name.upper()}`" not in text] == []


def test_no_committed_file_names_a_package_index_or_a_machines_path() -> None:
    here = "tests/architecture/test_documents.py"
    own = [(name, text) for name, text in committed_texts() if name != here and "/vendor/" not in name]
    assert [name for name, text in own if INDEX_HOSTS.search(text)] == []
    assert [name for name, text in own if MACHINE_PATHS.search(text)] == []


def test_vendored_releases_are_unmodified() -> None:
    sums = [*(TOP / "static" / "vendor").rglob("SHA256SUMS"), *(TOP / "tests" / "vendor").rglob("SHA256SUMS")]
    assert len(sums) >= 3
    for file in sums:
        done = subprocess.run(["sha256sum", "--check", "--quiet", file.name], cwd=file.parent, check=False)
        assert done.returncode == 0, file


def test_the_readme_names_the_command_ci_runs() -> None:
    assert "make test" in (TOP / ".ci" / "run").read_text()
    assert "make test" in (TOP / "README.md").read_text()
