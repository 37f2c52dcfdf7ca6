"""What is open already and may be the same, beside the form of a new order."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yihu.areas.repairs.similar import REPAIR
from yihu.ground.contact.beside import jobs_beside
from yihu.kernel.policy import policy


@require_GET
@policy(may="repairs.open")
def similar(request: HttpRequest) -> HttpResponse:
    return render(request, "repairs/_similar.html", {"jobs": jobs_beside(request, category=REPAIR)})
