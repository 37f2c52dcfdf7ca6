"""A malicious tenant, a pasted novel, a broken browser: a sentence or a saved record, never an error page, never a script."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.support.doing import log_contact, the_order
from yihu.areas.reception.models import Contact
from yihu.kernel.models import Record

pytestmark = pytest.mark.django_db

HOSTILE = {
    "control characters": "漏水\x00\x01\x08\x1b[31m\r\n\x7f",
    "direction marks": "漏\u202e水\u2066\u200f",
    "emoji": "漏水🚰👨‍👩‍👧🏻" * 20,
    "html": "<script>alert('一户')</script><img src=x onerror=alert(1)>",
    "template": "{{ settings.SECRET_KEY }}{% load static %}{by}{0}{number.__class__}",
    "sql": "'; DROP TABLE kernel_record; -- \" OR 1=1",
    "formula": '=HYPERLINK("http://x","点我")',
    "typst": '#eval("1") $x$ @ref <label> `raw` \\ ] )',
    "long word": "漏" * 1900,
    "surrogates and noncharacters": "漏水\ufffe\uffff\U000e0001",
    "zalgo": "漏" + "\u0301" * 500,
    "percent": "%s %d %(x)s %",
}
REFUSED = (400, 403, 404, 409, 413, 422)


def typed(cast: Any, **more: Any) -> dict[str, Any]:
    return {
        "key": "k", "unit": cast.home.pk, "channel": "phone", "relation": "owner", "caller_name": "赵业主", "phone": "", "category": "repair",
        "content": "漏水", **more,
    }  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_kept_or_refused_and_shown_as_text(text: str, cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.wang)
    answer = client.post("/reception/new/", typed(cast, content=text, caller_name=text[:30]))
    assert answer.status_code in (302, *REFUSED)
    for contact in Contact.objects.all():
        order = the_order(contact)
        pages = [
            contact.get_absolute_url(),
            order.get_absolute_url(),
            "/reception/",
            "/",
            f"/units/{cast.home.pk}/",
            f"{contact.get_absolute_url()}history/",
        ]
        pages += [f"{contact.get_absolute_url()}print/month_register/", f"{order.get_absolute_url()}print/work_sheet/"]
        for page in pages:
            shown = client.get(page)
            assert shown.status_code == 200, page
            content = shown.content if hasattr(shown, "content") else b""
            assert b"<script>alert" not in content, page
            assert b"<img src=x" not in content, page
        for word in (text[:40], contact.number):
            assert client.get(f"/search/?q={quote(word, errors='replace')}").status_code in (200, 302)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_in_steps(text: str, cast: Any, sign_in: Any) -> None:
    contact = log_contact(cast)
    order = the_order(contact)
    client = sign_in(cast.wang)
    for record, step, name in (
        (contact, "note", "words"),
        (contact, "progress", "words"),
        (order, "urge", "words"),
        (order, "cancel", "reason"),
    ):
        answer = client.post(f"{record.get_absolute_url()}do/{step}/", {"key": step, name: text})
        assert answer.status_code in (302, *REFUSED), step
    assert client.get(order.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["after=%00", "after=2026-01-01T00:00:00+08:00_99999999999999999999", "after=0001-01-01T00:00:00Z_1", "tab=nope", "state=nope", "q=%00%ff", "q=" + "漏" * 5000,
     "category=%27%3B", "unit=abc", "unit=99999999999999999999", "from=nobody", "party=-1", "back=javascript:alert(1)", "back=//elsewhere"],
)  # fmt: skip
def test_odd_addresses(query: str, cast: Any, sign_in: Any) -> None:
    log_contact(cast)
    client = sign_in(cast.wang)
    for page in (
        "/reception/",
        "/reception/new/",
        "/reception/new/hand-over/",
        "/repairs/",
        "/",
        "/search/",
        "/messages/",
    ):
        answer = client.get(f"{page}?{query}")
        assert answer.status_code in (200, 302, *REFUSED), page
        assert b'href="javascript:' not in getattr(answer, "content", b"")
        assert "elsewhere" not in answer.headers.get("Location", "")


def test_odd_values_in_every_field(cast: Any, sign_in: Any) -> None:
    client = sign_in(cast.wang)
    odd = [
        "",
        " ",
        "-1",
        "0",
        "99999999999999999999",
        "1e400",
        "NaN",
        "null",
        "[]",
        "abc",
        "2026-02-30T25:61",
        "\x00",
        "０１",
    ]
    for name in typed(cast, promised_at="", answered="", result="", party="", about_staff="", received_at=""):
        for index, value in enumerate(odd):
            answer = client.post("/reception/new/", {**typed(cast), name: value, "key": f"{name}-{index}"})
            assert answer.status_code in (302, *REFUSED), (name, value)
    order = the_order(log_contact(cast))
    head = sign_in(cast.gong)
    for name in ("handler", "level", "trade", "version"):
        for index, value in enumerate(odd):
            sent = {
                "handler": cast.chen.pk,
                "level": "minor",
                "trade": "water",
                "version": "999",
                name: value,
                "key": f"a-{name}-{index}",
            }
            assert head.post(f"{order.get_absolute_url()}do/assign/", sent).status_code in (302, *REFUSED), (
                name,
                value,
            )


def test_ten_megabytes_of_text_are_refused_with_a_sentence(cast: Any, sign_in: Any) -> None:
    answer = sign_in(cast.wang).post("/reception/new/", typed(cast, content="漏" * 3_500_000))
    assert answer.status_code in (400, 413, 422)
    assert Record.objects.count() == 0


def test_a_hundred_thousand_fields_are_refused(cast: Any, sign_in: Any) -> None:
    answer = sign_in(cast.wang).post("/reception/new/", {**typed(cast), **{f"f{index}": "x" for index in range(5000)}})
    assert answer.status_code in (400, 413)
    assert Record.objects.count() == 0


def test_a_file_is_what_its_bytes_say(cast: Any, sign_in: Any) -> None:
    contact = log_contact(cast)
    client = sign_in(cast.wang)

    def attach(key: str, name: str, content: bytes) -> int:
        upload = SimpleUploadedFile(name, content, content_type="image/png")
        return int(
            client.post(f"{contact.get_absolute_url()}do/attach/", {"key": key, "attachments": upload}).status_code
        )

    assert attach("program", "照片.png", b"MZ\x90\x00" + bytes(range(256)) * 4) in REFUSED
    assert attach("empty", "空.jpg", b"") in REFUSED
    assert contact.attachments.count() == 0
    assert attach("page", "照片.png", b"<html><script>alert(1)</script></html>") == 302
    kept = contact.attachments.get()
    assert (kept.name, kept.mime) == ("照片.txt", "text/plain")
    served = client.get(f"/files/{kept.pk}/")
    assert served.headers["Content-Disposition"].startswith("attachment")
    assert served.headers["X-Content-Type-Options"] == "nosniff"
