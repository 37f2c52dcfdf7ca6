"""By what a person or firm is found: every ending of the name, so that any part of it is the beginning of a key."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db import models

from yihu.basics.grams import folded
from yihu.basics.identity import mask_free_text

LONGEST = 20  # characters of a key; a longer question is looked for by its first
PLACES = 40  # characters of a name at which a key begins
BATCH = 1000
_NUMBER = re.compile(r"[0-9]{7}")


class PartyKey(models.Model):
    """One beginning under which a party is found: 赵业主 has 赵业主, 业主 and 主, and zyz and zhaoyezhu. Never a telephone."""

    # What is spelt out in keys.
    SPELT = ("name", "name_initials", "contact_name")

    party = models.ForeignKey("estate.Party", models.CASCADE, related_name="+")
    community = models.ForeignKey("estate.Community", models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=LONGEST)

    class Meta:
        verbose_name = verbose_name_plural = "客户检索"
        indexes = [
            # led by the community for the desk of one, by the key for somebody who serves many
            models.Index(fields=["community", "key", "party"], name="party_key_here"),
            models.Index(fields=["key", "community", "party"], name="party_key_anywhere"),
        ]

    def __str__(self) -> str:
        return self.key

    @classmethod
    def keep(cls, parties: Iterable[Any], *, fresh: bool = False) -> None:
        """Write the keys of these parties, in place of those that they had."""
        parties = list(parties)
        if parties and not fresh:
            cls.objects.filter(party_id__in=[party.pk for party in parties])._raw_delete(parties[0]._state.db)
        cls.objects.bulk_create(
            [
                cls(party_id=party.pk, community_id=party.community_id, key=key)
                for party in parties
                for key in keys_of(party.name, party.name_initials, party.contact_name)
            ],
            batch_size=BATCH,
        )


def keys_of(name: str, spelt: str, contact_name: str = "") -> list[str]:
    """Every ending of the names, and each spelling from its first letter; a telephone among them is masked."""
    found: dict[str, None] = {}
    for text in filter(None, (name, contact_name)):
        plain = key_of(mask_free_text(text))
        found |= dict.fromkeys(plain[at : at + LONGEST] for at in range(min(len(plain), PLACES)) if plain[at] != " ")
    words = (word[:LONGEST] for word in spelt.split() if not _NUMBER.search(word))
    return [*(found | dict.fromkeys(words))]


def key_of(text: str) -> str:
    """A name or a part of it as it stands in the keys: small, half-width, composed."""
    return folded(text).strip()
