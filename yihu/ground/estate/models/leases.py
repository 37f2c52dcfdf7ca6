"""What was agreed with a lessee. From when to when is said by his occupancy; here is the money."""

from __future__ import annotations

from django.db import models

from yihu.ground.estate.models.people import Occupancy
from yihu.ground.estate.models.places import from_roll

# The amounts of a lease; each is a column of the list of lessees too.
AMOUNTS = ("rent_fen", "fee_rate_fen", "aircon_rate_fen", "deposit_fen")


class Lease(models.Model):
    """租约: the terms of one lessee's occupancy. Amounts are integers of 分; an empty one was not told."""

    occupancy = models.OneToOneField(Occupancy, models.PROTECT, related_name="lease", verbose_name="占用关系")
    rent_fen = models.PositiveBigIntegerField("月租金", null=True, blank=True)
    fee_rate_fen = models.PositiveBigIntegerField("物业费单价", null=True, blank=True)
    aircon_rate_fen = models.PositiveBigIntegerField("空调费单价", null=True, blank=True)
    deposit_fen = models.PositiveBigIntegerField("装修保证金", null=True, blank=True)
    roll = from_roll()

    class Meta:
        verbose_name = verbose_name_plural = "租约"

    def __str__(self) -> str:
        return str(self.occupancy)
