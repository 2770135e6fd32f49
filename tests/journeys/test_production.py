"""By `docs/operating.md` alone: its commands, from an empty PostgreSQL to a first review in the stand-in Kustomer."""

import os
import re
import shlex
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from bench.serving import free_port
from tests.fakes.certificates import Authority
from tests.fakes.postgres import Cluster
from tests.fakes.program import TOP, eventually, kill
from tests.fakes.queue import running_queue
from tests.fakes.tls_front import tls_front
from tests.journeys.conftest import three_free_ports

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(300),
    pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning"),
]
BOOK = (TOP / "docs" / "operating.md").read_text()
HOSTS = Path("/etc/hosts")
NAME = "kustomer.test"
STAND_IN = "reviews_app.sandbox.outside"
BODY = "Carried it for a week in the rain, and nothing inside got wet."


@dataclass
class House:
    """An installation as the book builds it, in a folder and on ports of its own."""

    changes: dict[str, str]
    public: str
    settings: dict[str, str]

    def lines(self, heading: str) -> list[str]:
        """The commands below a heading, with this house's places in them."""
        section = BOOK.split(f"{heading}\n", 1)[1]
        block = section.split("```\n", 2)[1]
        for said, ours in self.changes.items():
            block = block.replace(said, ours)
        return block.replace("\\\n", " ").strip().splitlines()

    def read_settings(self, *lines: str) -> None:
        """What a shell holds after these lines."""
        script = "\n".join(["set -e", *lines, "env -0"])
        done = subprocess.run(["bash", "-c", script], cwd=TOP, env=self.settings, capture_output=True, check=True)
        self.settings = dict(one.split("=", 1) for one in done.stdout.decode().split("\0") if "=" in one)

    def run(self, line: str) -> str:
        done = subprocess.run(
            ["bash", "-c", line], cwd=TOP, env=self.settings, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    @contextmanager
    def running(self, line: str) -> Iterator[None]:
        process = subprocess.Popen(["bash", "-c", f"exec env {line}"], cwd=TOP, env=self.settings)
        try:
            yield
        finally:
            kill(process)


@pytest.fixture
def name_leads_here() -> Iterator[None]:
    """The line the book adds to the hosts of the machine, gone again afterwards."""
    try:
        found = socket.gethostbyname(NAME)
    except OSError:
        before = HOSTS.read_text()
        HOSTS.write_text(f"{before.rstrip()}\n127.0.0.1 {NAME}\n")
        yield
        HOSTS.write_text(before)
    else:
        assert found == "127.0.0.1"
        yield


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An empty PostgreSQL, a queue, a proxy with TLS; nothing of ours runs yet."""
    cluster = Cluster(Path(mkdtemp(prefix="production-", dir="/tmp")) / "postgres")
    inside, front, stand_in = free_port(), free_port(), three_free_ports()
    authority = Authority(tmp_path)
    with running_queue() as queue, tls_front(authority.server(), port=front, behind=inside):
        changes = {
            "postgresql://reviews:password@127.0.0.1/reviews": plain(cluster.new_database(with_tables=False)),
            "redis://127.0.0.1:6379/0": queue.url,
            "https://reviews.example.com": f"https://127.0.0.1:{front}",
            "var/": f"{tmp_path}/",
            "--port 8000": f"--port {inside}",
            "PORT=9000": f"PORT={stand_in}",
            ":9001": f":{stand_in + 1}",
            ":9002": f":{stand_in + 2}",
        }
        yield House(changes, f"https://127.0.0.1:{front}", {"PATH": os.environ["PATH"]})
    cluster.stop()


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def test_from_an_empty_database_to_the_first_review_in_the_helpdesk(
    house: House, name_leads_here: None, browser: Browser
) -> None:
    house.read_settings(*house.lines("## 2. Settings"))
    lines = house.lines("### Without a Kustomer of your own")
    for line in lines:
        if line.startswith(("mkdir", "openssl", "cat")):
            house.run(line)
    house.read_settings(*(line for line in lines if line.startswith("export")))
    processes = [next(line for line in lines if STAND_IN in line)]
    upgrade, *ours = house.lines("## 3. Tables and processes")
    house.run(upgrade)
    create = house.lines("## 4. The first store")[0]
    with ExitStack() as stack:
        for line in [*processes, *ours]:
            stack.enter_context(house.running(line))
        context = stack.enter_context(browser.new_context(ignore_https_errors=True, locale="en-US"))
        page = context.new_page()
        desk = house.settings["KUSTOMER_EXTRA_ORIGINS"]
        eventually(lambda: is_up(f"{house.public}/health/ready") and is_up(f"{desk}/kustomer"), within=90)
        found_the_store(page, house.run(create).split()[-1])
        switch_on_kustomer(page, house.public, desk)
        write_a_review(page, house.public)
        eventually(lambda: BODY in bodies(desk), within=10)
        page.goto(f"{house.public}/merchant/larkspur/deliveries")
        expect(page.get_by_text("Kustomer has it").first).to_be_visible()
        eventually(lambda: ready(house.public)["status"] == "ok", within=60)


def is_up(url: str) -> bool:
    try:
        return requests.get(url, verify=False, timeout=5).status_code == 200
    except requests.RequestException:
        return False


def ready(public: str) -> dict[str, Any]:
    told: dict[str, Any] = requests.get(f"{public}/health/ready", verify=False, timeout=5).json()
    return told


def bodies(desk: str) -> list[str]:
    events = requests.get(f"{desk}/kustomer/events.json", verify=False, timeout=5).json()
    return [event["attributes"]["data"]["review"]["body"] for event in events]


def found_the_store(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Your name").fill("Robin")
    page.get_by_label("Email").fill("robin@larkspur.example")
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Create the account and join").click()
    expect(page.get_by_role("heading", name="Larkspur Outfitters")).to_be_visible()
    page.goto(re.sub(r"/merchant.*", "/merchant/larkspur/products/new", link))
    page.get_by_label("Title").fill("Ridge Daypack")
    page.get_by_label("Handle").fill("ridge-daypack")
    page.get_by_label("Id in your shop").fill("p-1001")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("heading", name="Ridge Daypack")).to_be_visible()


def switch_on_kustomer(page: Page, public: str, desk: str) -> None:
    page.goto(f"{desk}/kustomer")
    page.get_by_role("button", name="Make a new key").click()
    key, url = (shlex.split(one)[0] for one in page.locator("dd code").all_inner_texts())
    page.goto(f"{public}/merchant/larkspur/settings/integrations/kustomer")
    page.get_by_label("Enable Kustomer").check()
    page.get_by_label("API Key").fill(key)
    page.get_by_label("API URL").fill(url)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Send a test review").click()
    expect(page.get_by_role("status").filter(has_text="Kustomer has it")).to_be_visible(timeout=20_000)


def write_a_review(page: Page, public: str) -> None:
    page.goto(f"{public}/stores/larkspur/products/ridge-daypack/reviews/new")
    page.get_by_label("4 stars, Good").check(force=True)
    page.get_by_label("Your review", exact=True).fill(BODY)
    page.get_by_label("Your name").fill("Ann Lee")
    page.get_by_label("Email").fill("ann.lee@example.org")
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_text(BODY)).to_be_visible()
