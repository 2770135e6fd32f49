import pytest

from reviews_app.integrations.kustomer.api_url import ApiUrlRefused, check_api_url

EXTRA = ("http://127.0.0.1:8001",)
HASH = "5e6daf9d2b1c4a0012ab34cd"


@pytest.mark.parametrize(
    "url",
    [
        f"https://acme.api.kustomerapp.com/v1/hooks/web/{HASH}",
        f"https://api.kustomerapp.com/v1/hooks/web/{HASH}",
        f"https://api.prod2.kustomerapp.com/v1/hooks/web/{HASH}/abc_1",
        f"https://acme.api.kustomerapp.com:443/v1/hooks/web/{HASH}",
        f"http://127.0.0.1:8001/v1/hooks/web/{HASH}",
        f"https://Acme.api.kustomerapp.com/v1/hooks/web/{HASH}",
        f"https://ACME.API.KUSTOMERAPP.COM:443/v1/hooks/web/{HASH}",
    ],
)
def test_a_hook_passes_exactly_as_given(url: str) -> None:
    assert check_api_url(f"  {url} \n", extra_origins=EXTRA) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "acme",
        f"http://acme.api.kustomerapp.com/v1/hooks/web/{HASH}",
        f"https://kustomerapp.com.evil.test/v1/hooks/web/{HASH}",
        f"https://Evil.Example/v1/hooks/web/{HASH}",
        f"https://evilKUSTOMERAPP.com/v1/hooks/web/{HASH}",
        f"https://evilkustomerapp.com/v1/hooks/web/{HASH}",
        f"https://acme@evil.test/v1/hooks/web/{HASH}",
        f"https://user:pass@acme.api.kustomerapp.com/v1/hooks/web/{HASH}",
        f"https://acme.api.kustomerapp.com:8443/v1/hooks/web/{HASH}",
        f"https://acme.api.kustomerapp.com\\@evil.test/v1/hooks/web/{HASH}",
        f"https://evil.test#.kustomerapp.com/v1/hooks/web/{HASH}",
        f"https://acme.api.kustomerapp.com/v1/hooks/web/{HASH}?x=1",
        f"https://acme.api.kustomerapp.com/v1/hooks/web/{HASH}#x",
        f"https://acme.api.kustomerapp.com/v1/hooks/web/{HASH}/a/b",
        "https://acme.api.kustomerapp.com/v1/hooks/web/",
        "https://acme.api.kustomerapp.com/v1/hooks/web/../../users",
        f"https://acme.api.kustomerapp.com./v1/hooks/web/{HASH}",
        f"https://ａcme.api.kustomerapp.com/v1/hooks/web/{HASH}",
        f"http://127.0.0.1:8002/v1/hooks/web/{HASH}",
        f"http://localhost:8001/v1/hooks/web/{HASH}",
        f"http://127.0.0.1:8001@evil.test/v1/hooks/web/{HASH}",
        f"https://127.0.0.1:8001/v1/hooks/web/{HASH}",
        f"https://169.254.169.254/v1/hooks/web/{HASH}",
        f"https://[::1]/v1/hooks/web/{HASH}",
        "https://[bad/v1/hooks/web/x",
        f"file:///v1/hooks/web/{HASH}",
        f"https://acme.api.kustomerapp.com/v1/hooks/web/{HASH}{'a' * 600}",
    ],
)
def test_any_other_address_is_refused_in_words(url: str) -> None:
    with pytest.raises(ApiUrlRefused) as refused:
        check_api_url(url, extra_origins=EXTRA)
    assert str(refused.value)
