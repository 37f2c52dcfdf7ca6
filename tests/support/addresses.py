"""Every address of the house, and with what each is asked for. A new address with a number in it gets its line in ``arguments``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver, reverse

from tests.support.life import MARK, PHONE
from yihu.areas.archives.models import Cabinet as FileCabinet
from yihu.areas.archives.models import DataRequest, Reading
from yihu.areas.billing.dunning.models import (
    DunningCase,
    DunningRound,
    LateFeeRule,
    LendingRate,
)
from yihu.areas.billing.meters.models import Meter, MeterItem, ReadingImport, ReadingRound
from yihu.areas.billing.meters.models import Reading as MeterReading
from yihu.areas.billing.notices.models import Notice, Round
from yihu.areas.billing.running.models import BillingRun, OffsetConsent
from yihu.areas.billing.sharing.models import Term
from yihu.areas.billing.suppliers.models import Supplier
from yihu.areas.billing.tariffs.models import Developer, Holding, Tariff
from yihu.areas.cashier.applying.models import TillClose
from yihu.areas.cashier.banking.models import BankAccount, BankLine
from yihu.areas.cashier.bookkeeping.models import MonthBook, Slip
from yihu.areas.cashier.invoicing.models import TaxItem
from yihu.areas.catalogue.models import (
    AncillaryTitle,
    Box,
    Item,
    ItemFile,
    Ledger,
    Rule,
    Section,
)
from yihu.areas.complaints.models import Complaint, Household
from yihu.areas.counter.models import CheckItem, LendItem, ServiceNumber, StockItem
from yihu.areas.duties.models import DaySheet
from yihu.areas.households.models import Finding, Tidying
from yihu.areas.keys.counting.models import KeyCount
from yihu.areas.keys.models import Cabinet, KeySet
from yihu.areas.reception.models import Contact, Guide, Knowledge
from yihu.areas.relations.models import Channel
from yihu.areas.repairs.models import Firm, StandardFault
from yihu.areas.services.models import MonthList, PriceRow
from yihu.areas.spending.models import BudgetLine
from yihu.fronts.api.models import Integration
from yihu.fronts.online.models import Card
from yihu.ground.ledger.models import Charge, FeeItem, Receipt, Voucher
from yihu.ground.papers.models import DocType, Paper
from yihu.ground.sending.models import Outgoing
from yihu.kernel import builtin
from yihu.kernel.models import Attachment, IssuedCopy, Message, Record
from yihu.kernel.procedure import procedures


def addresses() -> Iterator[tuple[str, Any]]:
    """The name of each address, with its view."""

    def below(patterns: Any, namespace: str = "") -> Iterator[tuple[str, Any]]:
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from below(pattern.url_patterns, pattern.namespace or namespace)
            else:
                yield f"{namespace}:{pattern.name}" if namespace else str(pattern.name), pattern

    yield from below(get_resolver().url_patterns)


def arguments(cast: Any) -> dict[str, list[dict[str, Any]]]:
    """With what each address is asked for: rows of 云栖苑."""
    home, owner, li = cast.home, cast.owner, cast.li
    records = list(Record.objects.order_by("pk"))
    numbered = [{"slug": record.procedure.slug, "number": record.number} for record in records]
    every_step = [
        {"slug": record.procedure.slug, "number": record.number, "step": step.name}
        for record in records
        for step in (*record.procedure.steps, *builtin.built_in_steps(record.procedure))
    ]
    every_print = [
        {"slug": record.procedure.slug, "number": record.number, "name": found.name}
        for record in records
        for found in record.procedure.prints
    ]
    registers = [{"slug": procedure.slug} for procedure in procedures()]
    unit, party = [{"pk": home.pk}], [{"pk": owner.pk}]
    person = [{"pk": li.pk}]
    paper = Paper.objects.get(unit=home, record__kind="repairs.workorder")
    attached = [{"pk": row.pk} for row in Attachment.objects.all()]
    sent = [{"pk": row.pk} for row in Outgoing.objects.all()]
    walk = KeyCount.objects.get(opened_by=cast.wang)  # the calendar opens others on its days of the week
    return {
        "workbench:group": [{"name": name} for name in ("late", "soon", "mine", "call_backs", "late_of")],
        "workbench:open_message": [{"pk": row.pk} for row in Message.objects.all()],
        "unitfile:file": unit, "unitfile:beside": unit, "unitfile:older": unit, "unitfile:remark": unit, "unitfile:party": party,
        "unitfile:reveal": [{"pk": owner.pk, "field": "phone"}],
        "reports:register_pdf": [{"name": "month"}, {"name": "contacts"}],
        **{f"reports:{name}": [{"name": "rates"}, {"name": "lines"}] for name in ("fees", "fees_print", "fees_export")},
        "reports:day_records": [{"number": DaySheet.objects.earliest("pk").number, "figure": "received"}],
        "reception:entry": [{"pk": Knowledge.objects.earliest("pk").pk}], "reception:edit_entry": [{"pk": Knowledge.objects.earliest("pk").pk}],
        "reception:edit_guide": [{"pk": Guide.objects.latest("pk").pk}],
        "repairs:edit_skills": [{"pk": cast.chen.pk}],
        "repairs:edit_fault": [{"pk": StandardFault.objects.get(community=cast.yunqi).pk}],
        "repairs:edit_firm": [{"pk": Firm.objects.earliest("pk").pk}], "repairs:reveal_firm": [{"pk": Firm.objects.earliest("pk").pk}],
        "reception:remove_guide": [{"pk": Guide.objects.latest("pk").pk}],
        "relations:edit_channel": [{"pk": row.pk} for row in Channel.objects.all()],
        **{f"services:{name}": [{"pk": row.pk} for row in PriceRow.objects.all()]
           for name in ("price", "edit_price", "approve_price", "refuse_price", "stop_price")},
        "services:month_export": [{"number": row.number} for row in MonthList.objects.all()],
        "papers:unit": unit, "papers:new": unit, "papers:edit": [{"pk": home.pk, "paper_pk": paper.pk}],
        "papers:scan": [{"pk": home.pk, "scan_pk": 1}],
        "staff:grants": [{"post_code": "receptionist"}], "staff:person": person, "staff:edit": person, "staff:give_post": person,
        "staff:end_post": [{"pk": li.pk, "post_pk": li.posts.get().pk}], "staff:deputy": person,
        "staff:end_deputy": [{"pk": li.pk, "deputy_pk": 1}], "staff:reset": person, "staff:deactivate": person,
        "staff:reactivate": person, "staff:unlock": person,
        "estate:edit_unit": unit, "estate:add_person": unit, "estate:edit_party": party,
        "estate:edit_building": [{"pk": home.building_id}],
        "estate:end_stay": [{"pk": home.pk, "stay_pk": owner.occupancies.get().pk}],
        "kernel:import_progress": numbered, "kernel:import_problems": numbered,
        "sending:message": sent, "sending:cancel": sent, "sending:retry": sent, "sending:deal": sent, "sending:template": [{"code": "assigned"}],
        "sending:decide": [{"pk": 1}], "sending:consents": party, "sending:withdraw": [{"pk": owner.pk, "way_pk": 1}],
        "sending:callback": [{"way": "sms"}],
        "kernel:print_many": [{"slug": "repairs", "name": "work_sheet"}],
        "kernel:save_filter": [{"slug": "repairs"}], "kernel:forget_filter": [{"slug": "repairs", "pk": 1}],
        "households:titles": unit, "households:take": [{"number": "YQ-MD-202611-0001"}],
        "households:findings": [{"number": row.number} for row in Tidying.objects.all()],
        **{f"households:{name}": [{"pk": row.pk} for row in Finding.objects.all()] for name in ("settle", "merge")},
        **{f"counting:{name}": [{"number": walk.number, **more}]
           for name, more in (("walk", {}), ("tick", {"pk": KeySet.objects.get(hook__cabinet=walk.cabinet).pk}))},
        "counter:paper": [{"name": "a4"}], "counter:approve": [{"pk": ServiceNumber.objects.earliest("pk").pk}],
        "counter:edit_numbers": [{"pk": ServiceNumber.objects.earliest("pk").pk}], "counter:edit_check-items": [{"pk": CheckItem.objects.earliest("pk").pk}],
        "counter:edit_stock-items": [{"pk": StockItem.objects.earliest("pk").pk}], "counter:edit_lend-items": [{"pk": LendItem.objects.earliest("pk").pk}],
        **{f"keys:{name}": [{"pk": row.pk} for row in KeySet.objects.all()] for name in ("card", "edit", "lend")},
        "keys:paper": [{"name": name} for name in ("cabinet", "keepers", "labels")],
        "keys:edit_cabinets": [{"pk": row.pk} for row in Cabinet.objects.all()],
        "kernel:settings_times_of": [{"name": "counter.shifts"}],
        "kernel:settings_number": [{"name": "corrective.often"}],
        **{f"catalogue:{name}": [{"pk": row.pk} for row in Item.objects.all()] for name in ("item", "edit_item", "hold")},
        "catalogue:edit_section": [{"pk": Section.objects.earliest("pk").pk}], "catalogue:new_section": [{"parent_pk": Section.objects.earliest("pk").pk}],
        "catalogue:new_item": [{"section_pk": Section.objects.earliest("pk").pk}], "catalogue:file": [{"pk": ItemFile.objects.earliest("pk").pk}],
        "catalogue:paper": [{"name": name} for name in ("catalogue", "labels", "contracts", "ancillary")],
        "catalogue:box": [{"pk": Box.objects.earliest("pk").pk}], "catalogue:edit_boxes": [{"pk": Box.objects.earliest("pk").pk}],
        "catalogue:edit_rules": [{"pk": Rule.objects.earliest("pk").pk}], "catalogue:edit_ledgers": [{"pk": Ledger.objects.earliest("pk").pk}],
        "catalogue:edit_ancillary": [{"pk": AncillaryTitle.objects.earliest("pk").pk}], "catalogue:edit_title": unit,
        "catalogue:building_titles": [{"pk": home.building_id}],
        "banking:edit_bank-accounts": [{"pk": BankAccount.objects.earliest("pk").pk}], "banking:notice": [{"channel": "wechat"}],
        **{f"banking:{name}": [{"pk": row.pk} for row in BankLine.objects.filter(amount__gt=0)] for name in ("line", "act")},
        **{f"banking:{name}": [{"pk": row.pk} for row in BankLine.objects.filter(amount__lt=0)] for name in ("out_line", "out_act")},
        **{f"cashier:{name}": [{"number": row.number} for row in Receipt.objects.all()] for name in ("receipt", "receipt_print", "withdraw")},
        "applying:till_receipts": [{"number": row.number, "method": "all"} for row in TillClose.objects.all()],
        "invoicing:purpose": [{"number": row.number} for row in Receipt.objects.filter(party__isnull=False)],
        "cashier:bill": [{"pk": row.pk} for row in Charge.objects.order_by("pk")[:2]],
        "cashier:used_print": [{"pk": row.pk} for row in Voucher.objects.filter(rule="agreed")],
        "cashier:statement": party, "cashier:statement_print": party, "cashier:credit": party, "cashier:set_off": party,
        **{f"spending:{name}": [{"pk": BudgetLine.objects.earliest("pk").pk}] for name in ("lines", "edit_budget-lines")},
        **{f"bookkeeping:{name}": [{"pk": Slip.objects.earliest("pk").pk}] for name in ("slip", "slip_print")},
        **{f"bookkeeping:{name}": [{"number": MonthBook.objects.earliest("pk").number}] for name in ("slips_print", "slips_export")},
        "invoicing:edit_tax-items": [{"pk": TaxItem.objects.earliest("pk").pk}],
        "suppliers:edit_suppliers": [{"pk": Supplier.objects.earliest("pk").pk}],
        "tariffs:item": [{"pk": Tariff.objects.earliest("pk").item_id}], "tariffs:end": [{"pk": Tariff.objects.earliest("pk").pk}],
        "tariffs:board_paper": [{"name": "a4"}], "tariffs:edit_holding": [{"pk": Holding.objects.earliest("pk").pk}],
        "tariffs:edit_developer": [{"pk": Developer.objects.earliest("pk").pk}],
        "spending:fund_unit": unit,
        "spending:standing": [{"book": "common"}], "spending:sums": [{"kind": "cost"}], "spending:stated": [{"book": "office"}],
        "spending:income": [{"pk": FeeItem.objects.earliest("pk").pk}],
        **{f"meters:{name}": [{"number": row.number} for row in ReadingRound.objects.all()]
           for name in ("walk", "check", "missing", "round_sheet")},
        **{f"meters:{name}": [{"pk": row.pk} for row in Meter.objects.all()]
           for name in ("meter", "edit_meter", "swap", "move", "meter_print")},
        "meters:read": [{"number": row.number, "pk": Meter.objects.earliest("pk").pk} for row in ReadingRound.objects.all()],
        "meters:questions": [{"number": ReadingImport.objects.earliest("pk").number}],
        "meters:correct": [{"pk": row.pk} for row in MeterReading.objects.all()],
        "meters:edit_meter-items": [{"pk": MeterItem.objects.earliest("pk").pk}],
        "sharing:edit_terms": [{"pk": Term.objects.earliest("pk").pk}],
        **{f"notices:{name}": [{"number": row.number} for row in Notice.objects.all()] for name in ("notice", "paper", "door", "renew")},
        **{f"payer:{name}": [{"token": "x", **more}] for name, more in (("bill", {}), ("pay", {}), ("invoice", {}), ("question", {}),
           ("order", {"number": "x"}), ("receipt", {"number": "x"}))},
        **{f"online:{name}": [{"code": "x"}] for name in ("repair", "complain")},
        **{f"online:{name}": [{"token": "x"}] for name in ("followed", "urge", "opinion")},
        "complaints:joined_receipts": [{"number": row.number} for row in Complaint.objects.all()],
        "complaints:joined_receipt": [{"number": row.complaint.number, "pk": row.pk} for row in Household.objects.all()],
        "online:revoke": [{"pk": Card.objects.earliest("pk").pk}],
        "demo:pay": [{"token": "x"}],
        "notices:edit_rounds": [{"pk": Round.objects.earliest("pk").pk}],
        **{f"dunning:{name}": [{"number": row.number} for row in DunningRound.objects.all()] for name in ("round_print", "round_sheet")},
        "dunning:file": [{"number": row.number} for row in DunningCase.objects.all()],
        "dunning:edit_late-fees": [{"pk": LateFeeRule.objects.earliest("pk").pk}], "dunning:edit_lpr": [{"pk": LendingRate.objects.earliest("pk").pk}],
        "cashier:edit_fee-items": [{"pk": FeeItem.objects.earliest("pk").pk}],
        **{f"running:{name}": [{"number": row.number} for row in BillingRun.objects.all()] for name in ("progress", "findings", "bills")},
        "running:bill": [{"number": row.number, "pk": home.pk} for row in BillingRun.objects.all()],
        "running:edit_consents": [{"pk": row.pk} for row in OffsetConsent.objects.all()],
        "archives:locked": [{"number": DataRequest.objects.earliest("pk").number}],
        "kernel:issued": [{"pk": row.pk} for row in IssuedCopy.objects.all()],
        "archives:reading_scan": [{"number": Reading.objects.earliest("pk").number, "pk": 1}],
        "archives:unit": [{"pk": cast.home.pk}], "archives:sheet": [{"pk": cast.home.pk}], "archives:label": [{"pk": cast.home.pk}],
        "archives:edit_doc-types": [{"pk": DocType.objects.earliest("pk").pk}], "archives:edit_cabinets": [{"pk": FileCabinet.objects.earliest("pk").pk}],
        "wall:wall": [{"secret": "x"}], "wall:close": [{"pk": 1}],
        "api:register": registers, "api:records": registers, "api:record": numbered, "api:step": every_step,
        "api:reveal": [{**one, "field": "phone"} for one in numbered], "api:attachment": attached, "api:nothing": [{"rest": "nothing/at/all/here"}],
        **{f"api:{name}": [{"pk": row.pk} for row in Integration.objects.all()] for name in ("edit", "renew", "revoke")},
        "kernel:file": attached, "kernel:thumb": attached,
        "kernel:settings_clock": [{"code": "D16"}, {"code": "D16", "variant": "minor"}],
        "kernel:settings_calendar_year": [{"year": 2026}], "kernel:settings_year": [{"year": 2026}],
        "kernel:settings_job_retry": [{"task_id": "00000000-0000-0000-0000-000000000001"}],
        "kernel:list": registers, "kernel:new": registers, "kernel:hand_over": registers, "kernel:export": registers,
        "kernel:record": numbered, "kernel:history": numbered, "kernel:step": every_step, "kernel:print": every_print,
        "kernel:reveal": [{**one, "field": "phone"} for one in numbered],
    }  # fmt: skip


def questions(cast: Any) -> list[str]:
    """What may be asked behind an address."""
    contact = Contact.objects.first()
    assert contact is not None
    asked = [
        f"from={contact.number}",
        f"unit={cast.home.pk}&party={cast.owner.pk}",
        f"q={MARK}",
        f"q={PHONE}",
        f"q={contact.number}",
    ]
    return [
        "",
        *asked,
        f"tab=all&q={PHONE[-4:]}",
        f"person={cast.li.pk}&knowledge={Knowledge.objects.earliest('pk').pk}",
        "category=repair",
    ]


def everything(cast: Any) -> Iterator[tuple[str, str, Any]]:
    """Each address of the house, by its name and as it would be typed, with its policy."""
    known = arguments(cast)
    for name, pattern in addresses():
        takes = bool(pattern.pattern.regex.groups)
        assert not takes or name in known, f"say in arguments() with what {name} is asked for"
        for given in known[name] if takes else [{}]:
            if set(given) == set(pattern.pattern.regex.groupindex):
                where = reverse(name, kwargs=given) if takes else f"/{pattern.pattern}"
                yield name, where, pattern.callback.policy
