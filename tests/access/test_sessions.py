"""Who asks: by token and by browser session, over the real service."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote

import pytest

from pesai.access.tokens import Tokens
from tests.access.conftest import HTML, Browser, bearer, fill, make_token
from tests.conftest import PATIENCE
from tests.engine.test_serve import address_of, first_line, service
from tests.web.conftest import Client, Reply

WORDS = "SELECT ?w { <urn:a> <urn:p> ?w } ORDER BY ?w"
Serve = Callable[..., AbstractContextManager[str]]


def words(reply: Reply) -> list[str]:
    return [row["w"]["value"] for row in json.loads(reply.text)["results"]["bindings"]]


@pytest.mark.parametrize(
    ("audience", "readable"),
    [
        ("public", ["open"]),
        ("partners", ["open", "shared"]),
        ("owner:pes-qm", ["of-both", "of-qm", "open", "shared"]),
        ("owner:pes-qn", ["of-both", "of-qn", "open", "shared"]),
        ("owner:pes-qx", ["open", "shared"]),
    ],
)
def test_a_token_opens_the_store_of_its_reader(
    client: Client, shared_home: Path, audience: str, readable: list[str]
) -> None:
    token = make_token(shared_home, audience)
    reply = client.get(WORDS, Authorization=bearer(token))
    assert words(reply) == readable
    assert reply.headers["cache-control"] == "private, no-store"
    assert "access-control-allow-origin" not in reply.headers
    again = client.get(WORDS, Authorization=bearer(token), If_None_Match=reply.headers["etag"])
    assert again.status == 304
    assert words(client.get(WORDS)) == ["open"]
    public = client.get(WORDS, If_None_Match=reply.headers["etag"])
    assert public.status == (304 if audience == "public" else 200)


def test_answers_vary_with_who_asks(client: Client) -> None:
    reply = client.get(WORDS)
    assert {"authorization", "cookie"} <= {
        part.strip().lower() for part in reply.headers["vary"].split(",")
    }
    assert reply.headers["cache-control"] == "public, no-cache"
    assert reply.headers["access-control-allow-origin"] == "*"
    preflight = client.send("OPTIONS", "/sparql", Origin="https://evil.example")
    assert "authorization" not in preflight.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in preflight.headers


@pytest.mark.parametrize("header", ["Bearer x", "Bearer", "Basic YTpi", "Bearer pesai_00000000_"])
def test_a_wrong_token_is_told_and_is_not_the_public(
    tmp_path: Path, serve: Serve, header: str
) -> None:
    fill(tmp_path)
    with serve(tmp_path) as address:
        reply = Client(address).get(WORDS, Authorization=header)
    assert reply.status == 401
    assert reply.headers["www-authenticate"].startswith("Bearer ")
    assert "open" not in reply.json["detail"]


def test_a_revoked_token_is_refused_at_once_and_ends_its_sessions(
    client: Client, shared_home: Path
) -> None:
    token = make_token(shared_home, "partners", name="Unit QX")
    browser = Browser(client)
    assert browser.sign_in(token).status == 303
    assert "Unit QX" in browser.send("GET", "/").text
    assert client.get(WORDS, Authorization=bearer(token)).status == 200
    Tokens(shared_home / "access").revoke(token.split("_")[1])
    assert client.get(WORDS, Authorization=bearer(token)).status == 401
    assert "Unit QX" not in browser.send("GET", "/").text
    sparql = f"/sparql?query={quote(WORDS)}"
    assert words(browser.send("GET", sparql, Accept="application/json")) == ["open"]


def test_signing_in_and_out(client: Client, shared_home: Path) -> None:
    token = make_token(shared_home, "owner:pes-qm", name="Unit QM")
    browser = Browser(client)
    reply = browser.sign_in(token, "&next=/graphs")
    assert (reply.status, reply.headers["location"]) == (303, "/graphs")
    cookie = reply.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert token.split("_", 2)[2] not in cookie
    page = browser.send("GET", "/graphs")
    assert "Unit QM" in page.text
    assert "pes-qm.own" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    csrf = browser.form_token("/graphs")
    assert browser.send("POST", "/sign-out", f"csrf_token={csrf}").status == 303
    assert "Unit QM" not in browser.send("GET", "/graphs").text


def test_pages_of_one_who_is_signed_in_have_no_validator(client: Client, shared_home: Path) -> None:
    browser = Browser(client)
    browser.sign_in(make_token(shared_home, "partners", name="Unit QX"))
    page = browser.send("GET", f"/sparql?query={quote(WORDS)}")
    assert "shared" in page.text
    assert "etag" not in page.headers


@pytest.mark.parametrize("sent", ["", "csrf_token=", "csrf_token=x"])
@pytest.mark.parametrize("path", ["/sign-out", "/sign-in"])
def test_a_form_of_another_site_is_refused(
    client: Client, shared_home: Path, sent: str, path: str
) -> None:
    browser = Browser(client)
    browser.sign_in(make_token(shared_home, "partners", name="Unit QX"))
    assert browser.send("POST", path, sent + "&token=x").status == 403
    assert "Unit QX" in browser.send("GET", "/").text


def test_nobody_is_signed_in_by_a_form_of_another_site(client: Client, shared_home: Path) -> None:
    token = make_token(shared_home, "partners")
    stranger, victim = Browser(client), Browser(client)
    theirs = stranger.form_token()
    reply = victim.send("POST", "/sign-in", f"csrf_token={theirs}&token={token}")
    assert reply.status == 403
    assert not victim.cookies


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example",
        "javascript:alert(1)", "/%0d%0aX-Evil: 1\r\nX: y", "evil", "", "/\t/evil.example",
    ],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(client: Client, shared_home: Path, target: str) -> None:
    browser = Browser(client)
    asked = f"/sign-in?next={quote(target, safe='')}"
    assert browser.send("GET", asked).status == 400
    token = make_token(shared_home, "partners")
    reply = browser.sign_in(token, f"&next={quote(target, safe='')}")
    assert reply.status == 400
    assert "location" not in reply.headers


def test_a_forged_or_changed_cookie_is_nobody(client: Client, shared_home: Path) -> None:
    browser = Browser(client)
    browser.sign_in(make_token(shared_home, "partners", name="Unit QX"))
    (name,) = browser.cookies
    payload, _, rest = browser.cookies[name].partition(".")
    browser.cookies[name] = f"{payload[:-1]}A.{rest}"
    assert "Unit QX" not in browser.send("GET", "/").text


def test_wrong_tokens_from_one_address_soon_have_to_wait(tmp_path: Path, serve: Serve) -> None:
    """Two web processes count for themselves, so that twice as many are needed at most."""
    fill(tmp_path)
    good = make_token(tmp_path, "partners")
    with serve(tmp_path, PESAI_TRUSTED_PROXY="1") as address:
        client = Client(address)
        found = [
            client.get(WORDS, Authorization="Bearer x", X_Forwarded_For="192.0.2.1")
            for _ in range(25)
        ]
        assert {reply.status for reply in found} == {401, 429}
        assert all(int(r.headers["retry-after"]) > 0 for r in found if r.status == 429)
        for same_or_other in ("192.0.2.1", "192.0.2.2"):
            kept = client.get(WORDS, Authorization=bearer(good), X_Forwarded_For=same_or_other)
            assert kept.status == 200, "a right token is never kept out"
        v6 = [
            client.get(WORDS, Authorization="Bearer x", X_Forwarded_For=f"2001:db8::{n:x}")
            for n in range(25)
        ]
        assert 429 in {reply.status for reply in v6}


def test_tokens_are_in_no_log_and_no_release(tmp_path: Path) -> None:
    fill(tmp_path)
    token = make_token(tmp_path, "partners")
    with service(tmp_path, "--port", "0") as process:
        address = address_of(first_line(process))
        browser = Browser(Client(address))
        browser.sign_in(token)
        browser.sign_in(token + "x")
        for sent in (token, token + "x", token[:-1]):
            browser.client.get("SELECT * { SERVICE", Authorization=bearer(sent))
        process.terminate()
        said = "".join(process.communicate(timeout=PATIENCE))
    secret = token.split("_", 2)[2]
    assert secret[:-1] not in said
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert secret.encode() not in path.read_bytes(), path


def test_cookies_are_for_https_alone_where_the_address_is(tmp_path: Path, serve: Serve) -> None:
    fill(tmp_path)
    with serve(tmp_path, PESAI_PUBLIC_URL="https://pesai.example/") as address:
        reply = Client(address).send("GET", "/sign-in", Accept=HTML)
    assert reply.headers["set-cookie"].startswith("__Host-pesai=")
    assert "Secure" in reply.headers["set-cookie"]


def test_one_who_is_signed_in_has_more_time(tmp_path: Path, serve: Serve) -> None:
    fill(tmp_path)
    token = make_token(tmp_path, "partners")
    numbers = " ".join(map(str, range(2000)))
    slow = (
        f"SELECT (COUNT(*) AS ?n) {{ VALUES ?a {{ {numbers} }} VALUES ?b {{ {numbers} }} "
        f"VALUES ?c {{ {numbers} }} FILTER(?a + ?b = ?c) }}"
    )
    with serve(tmp_path, PESAI_QUERY_SECONDS="0.5", PESAI_SIGNED_IN_SECONDS="1.5") as address:
        client = Client(address)
        assert client.form(slow).json["seconds"] == 0.5
        assert client.form(slow, Authorization=bearer(token)).json["seconds"] == 1.5
