import json
from pathlib import Path

import pytest
import requests

from reviews_app.lib.outgoing_http import CallFailed, OutgoingHttp
from tests.fakes.certificates import Authority
from tests.sandbox.outside.posted_review import posted_review
from tests.sandbox.outside.running import SECONDS, running_outside

NAME = "kustomer.test"


def test_with_a_certificate_it_takes_reviews_over_https_from_whoever_trusts_it(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.server()
    with running_outside(tmp_path / "world", certificate=tmp_path / "server.pem") as outside:
        assert outside.hook.startswith("https://127.0.0.1:")
        body = json.dumps(posted_review()).encode()
        headers = {"Authorization": f"Bearer {outside.world.demo_key.key}", "Content-Type": "application/json"}
        trusting = OutgoingHttp(extra_origins=(outside.base,), ca_file=authority.file)
        assert trusting.post(outside.hook, body, headers=headers).status == 200
        with pytest.raises(CallFailed):
            OutgoingHttp(extra_origins=(outside.base,)).post(outside.hook, body, headers=headers)
        events = requests.get(f"{outside.base}/kustomer/events.json", verify=str(authority.file), timeout=SECONDS)
        assert len(events.json()) == 1


def test_it_answers_to_the_name_it_was_given_and_to_no_other(tmp_path: Path) -> None:
    with running_outside(tmp_path, name=NAME) as outside:
        page = outside.get("/kustomer", Host=NAME)
        assert page.status_code == 200
        assert f"http://{NAME}{outside.world.demo_key.path}" in page.text
        assert outside.get("/kustomer", Host="127.0.0.1").status_code == 200
        assert outside.get("/kustomer", Host="elsewhere.test").status_code == 400
