"""Gradio's own addresses over HTTP: what nobody uses is refused, and no body gets a 500."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import HOME
from fgclip.encoder import Encoder
from fgclip.explore.gallery import read_gallery
from fgclip.workspace import Workspace
from tests.support.app import running

GALLERY = HOME / "assets" / "gallery"
SAMPLE = next(iter(read_gallery(GALLERY)))
JSON = {"content-type": "application/json"}
FORM = "multipart/form-data; boundary=x"
CALLS = ["run/probe", "call/probe", "run/detect", "call/detect", "queue/join", "cancel"]
UNUSED = [
    "component_server", "stream/x", "stream/x/close", "process_recording", "vibe-edit", "vibe-code",
    "reset", "call/v2/probe", "call/nothing", "run-history/connect",
]  # fmt: skip
WHOLE_FORM = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\nabc\r\n'


@pytest.fixture(scope="module")
def app(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("guarded")
    with (
        Workspace(folder / "workspace") as workspace,
        running(encoder, GALLERY, workspace, folder) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


@pytest.mark.parametrize("address", [*(f"gradio_api/{each}" for each in UNUSED), *UNUSED, "login"])
def test_what_nobody_uses_is_not_there(app: httpx.Client, address: str) -> None:
    refusal(app.post(address, content=b'{"session_hash": "\\ud800"}', headers=JSON), 404)


@pytest.mark.parametrize(
    "address",
    ["gradio_api/file=/etc/passwd", "gradio_api/proxy=http://a", "gradio_api/openapi.json",
     "gradio_api/upload_progress?upload_id=a", "monitoring", "svelte/a", "pwa_icon/9", "logout",
     "assets/" + "a" * 300, "static/" + "a" * 300, "media/picture/" + "9" * 5000],
)  # fmt: skip
def test_nor_is_what_nobody_reads(app: httpx.Client, address: str) -> None:
    refusal(app.get(address), 404)


def test_an_address_that_is_none_is_refused_too(app: httpx.Client) -> None:
    refusal(app.request("OPTIONS", "config"), 404)
    assert app.get("media/picture/" + "9" * 40).status_code == 404


@pytest.mark.parametrize("address", CALLS)
@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"{", 400, "not JSON"),
        (b"\xff", 400, "UTF-8"),
        (b"[" * 100_000, 400, "nested"),
        (b'{"data": [' + b"1" * 5_000 + b"]}", 400, "too many digits"),
        (b"[]", 422, "object with fields"),
        (b"{}", 422, "missing"),
        (b'{"session_hash": "\\ud800"}', 422, "half a character"),
        (b'{"\\ud800": 1}', 422, "half a character"),
        (b'{"data": [1e400]}', 422, "not finite"),
        (b'{"data": [NaN]}', 422, "not finite"),
        (b'{"data": [1' + b"0" * 400 + b"]}", 422, "64 bits"),
        (b'{"data": ' + b"[" * 500 + b"]" * 500 + b"}", 422, "nested more than"),
        (b'{"data": [], "session_hash": 3}', 422, "'session_hash' must be a text"),
    ],
)
def test_a_body_that_is_no_call_is_refused_in_words(
    app: httpx.Client, address: str, body: bytes, status: int, words: str
) -> None:
    said = refusal(app.post(f"gradio_api/{address}", content=body, headers=JSON), status)
    if not (address == "cancel" and "missing" in said):  # the first fault is told alone
        assert words in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"data": []}, "(sample, boxes, prompts), not 0"),
        ({"data": [1, 2, 3, 4]}, "(sample, boxes, prompts), not 4"),
        ({"data": "abc"}, "'data' must be a list"),
        ({"data": [{"path": "/etc/passwd"}, [], []]}, "names a file"),
        ({"fn_index": 99}, "'fn_index' is 99; the functions are 0 (probe), 1 (detect)"),
        ({"fn_index": "one"}, "'fn_index' cannot be used"),
        ({"session_hash": "x" * 300}, "'session_hash' has more than 200 characters"),
    ],
)
def test_a_call_of_a_function_with_other_values_is_too(
    app: httpx.Client, changes: dict[str, Any], words: str
) -> None:
    call = {"data": [SAMPLE, [[0, 0, 1, 1]], ["a cat"]], "session_hash": "x", **changes}
    assert words in refusal(app.post("gradio_api/run/probe", json=call), 422)


@pytest.mark.parametrize(
    "more",
    [
        {"batched": True, "simple_format": True, "oauth_token": "a", "event_id": "a"},
        {"event_data": {"index": 1}, "trigger_id": 7, "request": {"headers": {}}},
        {"event_data": "a", "trigger_id": -1, "batched": None, "whatever": [1]},
        {"session_hash": "", "fn_index": None},
        {"session_hash": "x", "fn_index": "0"},
    ],
)
@pytest.mark.parametrize("address", ["run/probe", "run/probe/", "api/probe", "api/probe/"])
def test_a_call_may_hold_what_gradio_takes_and_more(
    app: httpx.Client, address: str, more: dict[str, Any]
) -> None:
    call = {"data": [SAMPLE, [[0, 0, 1, 1]], ["a cat"]]}
    plain = app.post("gradio_api/run/probe", json=call).json()["data"]
    reply = app.post(f"gradio_api/{address}", json={**call, **more})
    assert (reply.status_code, reply.json()["data"]) == (200, plain)
    assert "error" not in plain[0]


def test_a_number_goes_before_a_name_as_gradio_has_it(app: httpx.Client) -> None:
    for name in ("predict", "probe"):
        call = {"data": [SAMPLE, ["a cat"], 0.5], "fn_index": 1}
        (found,) = app.post(f"gradio_api/run/{name}", json=call).json()["data"]
        assert set(found) == {"boxes", "phrases"}
    refusal(app.post("gradio_api/run/predict", json={"data": []}), 404)


def test_null_is_the_default_of_a_script_too(app: httpx.Client) -> None:
    answers = [
        app.post("gradio_api/run/detect", json={"data": [SAMPLE, ["a cat"], share]}).json()["data"]
        for share in (None, 0.95)
    ]
    assert answers[0] == answers[1]
    assert "boxes" in answers[0][0]


def test_a_call_is_taken_as_json_alone(app: httpx.Client) -> None:
    refusal(app.post("gradio_api/run/probe", content=b"{}", headers={"content-type": "x"}), 415)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b""),
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=" + "a" * 300, b"--"),
        (FORM, b"junk"),
        (FORM, b"--x\r\n\r\nabc\r\n--x--"),
        (FORM, WHOLE_FORM.replace(b'; filename="a.png"', b"") + b"--x--\r\n"),
        (FORM, WHOLE_FORM.replace(b"a.png", b"..") + b"--x--\r\n"),
        (FORM, WHOLE_FORM.replace(b"a.png", b"a" * 20_000)),
    ],
)
def test_an_upload_that_is_no_form_is_refused_in_words(
    app: httpx.Client, kind: str, body: bytes
) -> None:
    reply = app.post("gradio_api/upload", content=body, headers={"content-type": kind})
    assert reply.status_code in (400, 413), reply.text
    assert "Traceback" not in reply.text


def test_whatever_is_below_the_prefix_of_our_own_is_refused_in_words(app: httpx.Client) -> None:
    for address in ("api", "api/", "api/probe", "api/probe/read/more"):
        refusal(app.get(address, follow_redirects=True), 404)
    refusal(app.get("api/probe/read"), 405)


def test_a_stream_of_a_session_that_is_none_ends_well(app: httpx.Client) -> None:
    assert "404" in app.get("gradio_api/queue/data?session_hash=none").text
    assert "404" in app.get("gradio_api/call/probe/none").text
    assert "session_hash" in refusal(app.get("gradio_api/queue/data"), 422)


def test_what_the_page_and_scripts_use_is_there(app: httpx.Client) -> None:
    for address in (
        "", "config", "config/", "theme.css", "manifest.json", "favicon.ico", "gradio_api/info",
        "gradio_api/info/", "gradio_api/app_id", "gradio_api/app_id/", "gradio_api/theme.css",
    ):  # fmt: skip
        assert app.get(address).status_code == 200
    headers = {"content-type": FORM}
    form = WHOLE_FORM + b"--x--\r\n"
    (kept,) = app.post("gradio_api/upload", content=form, headers=headers).json()
    assert Path(kept).read_bytes() == b"abc"


def test_scripts_are_answered_through_gradios_client(app: httpx.Client) -> None:
    client = Client(str(app.base_url), verbose=False)
    assert "error" not in client.predict(SAMPLE, [[0, 0, 1, 1]], ["a cat"], api_name="/probe")
    assert "error" not in client.submit(SAMPLE, ["a cat"], api_name="/detect").result()


any_text = st.text(st.characters() | st.characters(categories=["Cs"]), max_size=6)
any_number = st.integers(-(10**400), 10**400) | st.floats() | st.booleans() | st.none()
any_json = st.recursive(
    any_text | any_number,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=12,
)
finite = st.integers(-9, 9) | st.floats(-2, 2)
plain = [
    st.just(SAMPLE),
    st.lists(st.lists(finite, max_size=5), max_size=2) | st.lists(st.text(max_size=3), max_size=2),
    st.lists(st.text(max_size=3), max_size=2) | finite,
]  # of both functions
fields = st.fixed_dictionaries(
    {},
    optional={
        "data": st.lists(any_json, min_size=2, max_size=3) | any_json,
        "session_hash": st.just("x") | any_json,
        "fn_index": st.integers(0, 2) | any_json,
        "event_id": any_json,
        "trigger_id": any_json,
        "event_data": any_json,
    },
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(address=st.sampled_from(CALLS), body=fields.map(json.dumps) | any_json.map(json.dumps))
def test_whatever_a_call_is_it_gets_an_answer(app: httpx.Client, address: str, body: str) -> None:
    reply = app.post(f"gradio_api/{address}", content=body.encode(), headers=JSON)
    assert reply.status_code < 500, reply.text
    assert "Traceback" not in reply.text


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["probe", "detect"]), data=st.tuples(*[kind | any_json for kind in plain])
)
def test_whatever_a_function_is_given_it_answers(
    app: httpx.Client, name: str, data: tuple[Any, ...]
) -> None:
    reply = app.post(f"gradio_api/run/{name}", content=json.dumps({"data": data}), headers=JSON)
    assert reply.status_code < 500, reply.text


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(junk=st.binary(max_size=40), at=st.integers(0, len(WHOLE_FORM)))
def test_whatever_an_upload_holds_it_gets_an_answer(
    app: httpx.Client, junk: bytes, at: int
) -> None:
    body = WHOLE_FORM[:at] + junk + WHOLE_FORM[at:] + b"--x--\r\n"
    reply = app.post("gradio_api/upload", content=body, headers={"content-type": FORM})
    assert reply.status_code < 500, reply.text


def refusal(reply: httpx.Response, status: int) -> str:
    """Its words."""
    assert reply.status_code == status, reply.text
    words: str = reply.json()["error"]
    return words
