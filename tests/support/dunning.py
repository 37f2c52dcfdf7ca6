"""What dunning needs in its stories: people of finance and service, bills that are late, a year of holidays."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdf import PdfWriter

from tests.support.doing import at, signature
from tests.support.paying import Counter
from yihu.areas.billing.dunning import schedules
from yihu.areas.billing.dunning.models import DunningCase, DunningNotice, DunningRound, LateFeeRule
from yihu.ground.estate.models import Occupancy, Party
from yihu.ground.ledger.models import FeeItem
from yihu.kernel.doors import open_record, perform
from yihu.kernel.jobs.runner import run_waiting
from yihu.kernel.rhythms import come_round

NOVEMBER = "2026-11-16 09:05"  # the 11th working day
CLAUSE = "《物业服务合同》第十八条"


class Desk(Counter):
    """张会计, 蔡财务, 项经理 and 段楼管; 赵业主 owes October."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.steward = self.cast.person("duan", "段楼管", "steward")
        self.pm = self.cast.xiang

    def rule(self, percent: str = "0.05", **more: Any) -> LateFeeRule:
        said = {"from_on": date(2020, 1, 1), "daily_percent": percent, "clause": CLAUSE, **more}
        made: LateFeeRule = LateFeeRule.objects.create(community=self.cast.yunqi, **said)
        return made

    def debtor(self, name: str, room: str, amount: int = 35941, **more: Any) -> Party:
        unit = self.cast.unit(room)
        party = Party.objects.create(community=self.cast.yunqi, name=name)
        Occupancy.objects.create(unit=unit, party=party, role="owner", from_on=date(2020, 1, 1))
        self.charge(amount, party=party.pk, unit=unit.pk, **more)
        return party

    def case(self, party: Any = None, when: str = NOVEMBER, by: Any = None) -> DunningCase:
        data = {"party": (party or self.cast.owner).pk}
        made: DunningCase = open_record(
            DunningCase(community=self.cast.yunqi), by=by or self.accountant, data=data, at=at(when)
        )
        return made

    def notice(self, case: DunningCase, when: str = NOVEMBER, by: Any = None, **more: Any) -> DunningNotice:
        data = {"case": case.pk, "pay_by": "2026-12-31", **more}
        made: DunningNotice = open_record(
            DunningNotice(community=self.cast.yunqi), by=by or self.accountant, data=data, at=at(when)
        )
        run_waiting(now=timezone.now())
        return made

    def delivered(self, notice: Any, when: str = "2026-11-17 10:00", **more: Any) -> Any:
        data = {"way": "hand", "signer": "赵业主", "capacity": "self", "signature": signature(), **more}
        done = perform(notice, "deliver", by=self.steward, data=data, at=at(when))
        run_waiting(now=timezone.now())
        return done

    def round(self, when: str = NOVEMBER) -> DunningRound:
        (batch,) = come_round(at(when), only="dunning-round")
        schedules.draw(batch, at(when))
        run_waiting(now=timezone.now())
        found: DunningRound = DunningRound.objects.get(pk=batch.pk)
        return found

    def do(self, record: Any, step: str, by: Any, when: str = NOVEMBER, files: Any = None, **data: Any) -> Any:
        return perform(type(record).objects.get(pk=record.pk), step, by=by, data=data, files=files or {}, at=at(when))

    def pay(self, amount: int, *charges: Any, when: str, party: Any = None) -> None:
        receipt = self.receive(amount, party=party, when=when)
        self.settle(receipt, *charges, when=when)


def desk_of(cast: Any) -> Desk:
    """The one desk of a cast."""
    found: Desk | None = getattr(cast, "_dunning", None)
    if found is None:
        found = cast._dunning = Desk(cast)
    return found


def a_debtor(cast: Any) -> Party:
    """Somebody else each time who owes October."""
    count = Party.objects.count()
    return desk_of(cast).debtor(f"欠费{count}", f"{count:04d}")


def suspension_of(desk: Desk) -> dict[str, Any]:
    """What the draft of a suspension of over-time air-conditioning says: dunned and delivered before."""
    item, _ = FeeItem.objects.get_or_create(
        community=desk.cast.yunqi, code="JSKT", name="加时空调", legal_class="optional_paid"
    )
    count = Party.objects.count()
    case = desk.case(desk.debtor(f"欠费{count}", f"{count:04d}", 50000, item=item))
    desk.delivered(desk.notice(case), signer="收发室", capacity="staff")
    ends = timezone.localdate() + timedelta(days=90)
    return {"case": case.pk, "services": [item.pk], "clause": "《加时空调服务协议》第六条", "ends_on": ends.isoformat()}


def paper(name: str = "意见.pdf") -> SimpleUploadedFile:
    writer, kept = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(kept)
    return SimpleUploadedFile(name, kept.getvalue(), content_type="application/pdf")


def turn_of(desk: Desk) -> dict[str, Any]:
    """What the draft of turning to an owner says: his lessee was asked in writing, and his time is over."""
    count = Party.objects.count()
    owner = desk.debtor(f"业主{count}", f"{count:04d}", 100)
    lessee = Party.objects.create(community=desk.cast.yunqi, name=f"租户{count}")
    unit = Occupancy.objects.get(party=owner).unit
    bill = desk.charge(1864000, 9, party=lessee.pk, unit=unit.pk, basis={"payer": "lessee", "owner": owner.pk})
    case = desk.case(lessee, "2026-11-02 09:00")
    notice = desk.notice(case, "2026-11-02 09:05", pay_by="2026-11-12")
    desk.delivered(notice, "2026-11-03 10:00", signer="前台", capacity="staff")
    ends = timezone.localdate() + timedelta(days=15)
    return {"case": case.pk, "charges": [bill.pk], "pay_by": ends.isoformat(), "ground": "物业管理条例第四十一条"}
