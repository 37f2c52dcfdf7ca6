"""What a person reads on a page, and what the page asked of the database."""

from __future__ import annotations

import html
import re
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

# session, user and posts are asked for by every page
EVERY_PAGE = re.compile(
    r'FROM "(django_session|staff_post|staff_grant)"|FROM "staff_account" WHERE "staff_account"."id" = \d+ LIMIT'
    r"|^(BEGIN|COMMIT|SAVEPOINT|RELEASE)"
)


def text_of(response: HttpResponse) -> str:
    """The words of a page without its mark-up."""
    words = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", words))).strip()


def section(response: HttpResponse, heading: str) -> str:
    """The words of the one part of the board or the file that stands under this heading; empty if there is none."""
    parts = re.findall(r"<section\b.*?</section>", response.content.decode(), flags=re.DOTALL)
    for part in parts:
        if re.search(rf"<h2[^>]*>{re.escape(heading)}</h2>", part):
            return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", part))).strip()
    return ""


def headings(response: HttpResponse) -> list[str]:
    return re.findall(r"<h2[^>]*>([^<]+)</h2>", response.content.decode())


def asked(client: Client, url: str, **headers: Any) -> list[str]:
    """The queries of one page beyond session, user and posts."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url, headers=headers or None)
    assert response.status_code == 200
    return [query["sql"] for query in captured if not EVERY_PAGE.search(_outermost(query["sql"]))]


def _outermost(sql: str) -> str:
    """The query without those inside it."""
    while (shorter := re.sub(r"\([^()]*\)", "", sql)) != sql:
        sql = shorter
    return sql
