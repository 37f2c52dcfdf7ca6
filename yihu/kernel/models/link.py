"""How records stand to each other, and who must not see one."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Link(models.Model):
    """关联: ``target`` came of ``origin`` (a hand-over), repeats it (second round), or was merged into it.

    ``BASIS``: the origin is one of several that gave rise to the target. Who is barred from it is barred from the target,
    but nobody is barred from the origin because of another one.
    """

    class Why(models.TextChoices):
        CAME_OF = "came_of", "由此产生"
        REWORK = "rework", "返工"
        MERGED = "merged", "合并"
        SEE = "see", "参见"
        BASIS = "basis", "依据"

    # what must be finished before the origin is: neither what is only worth a look, nor what draws lessons from it
    HOLDING = (Why.CAME_OF, Why.REWORK, Why.MERGED)

    origin = models.ForeignKey("kernel.Record", models.PROTECT, related_name="links_out")
    target = models.ForeignKey("kernel.Record", models.PROTECT, related_name="links_in")
    why = models.CharField(max_length=10, choices=Why.choices, default=Why.CAME_OF)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origin", "target", "why"], name="link_once"),
            models.CheckConstraint(condition=~models.Q(origin=models.F("target")), name="link_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} {self.get_why_display()} {self.target_id}"


class Barred(models.Model):
    """回避: this person neither sees nor moves this record, nor does his deputy; or this team of the community, each who
    has belonged to it at any time from ``since`` on. Asked and written through ``kernel/bars.py``.
    """

    record = models.ForeignKey("kernel.Record", models.PROTECT, related_name="bars")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    community = models.ForeignKey("estate.Community", models.PROTECT, null=True, related_name="+")
    team = models.CharField(max_length=20, blank=True, default="")
    since = models.DateTimeField(null=True)
    why = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "person"], name="barred_once"),
            models.UniqueConstraint(
                fields=["record", "community", "team"], name="barred_team_once", condition=~models.Q(team="")
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, team="")
                | models.Q(person__isnull=True, community__isnull=False) & ~models.Q(team=""),
                name="barred_person_or_team",
            ),
            models.CheckConstraint(
                condition=models.Q(team="", since__isnull=True) | ~models.Q(team="") & models.Q(since__isnull=False),
                name="barred_team_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} 回避 {self.person_id or self.team}"
