"""What the steps of the keys do beyond changing state."""

from __future__ import annotations

from typing import Any

from yihu.areas.keys import ledger
from yihu.areas.keys.models import Custody, KeyLoan, KeySet, LossReport, VacantCheck
from yihu.areas.keys.rules import needs_approval, to_be_looked_at
from yihu.kernel.authority import authority
from yihu.kernel.commanding import Commanding
from yihu.kernel.errors import Refused
from yihu.kernel.filing import file_record
from yihu.kernel.models import Attachment
from yihu.kernel.procedure import Branch

S, L = KeySet.Status, KeyLoan.State

# -- mandates ----------------------------------------------------------------------------------------------------------


def entrusted(act: Any) -> None:
    """The keys come on the ledger, each with its tag and hook; the upper part goes into the unit's papers (KEY-01)."""
    custody = act.record
    custody.signed_at, custody.kept_by = act.at, act.by
    for line in act.data["keys"]:
        _keep(act, custody, line)
    _sign(act)
    if not act.history:
        file_record("key_mandate", custody, by=act.by, at=act.at)


def _keep(act: Any, custody: Custody, line: dict[str, Any]) -> None:
    key = KeySet(
        community_id=custody.community_id, unit_id=custody.unit_id, kind=KeySet.Kind.ENTRUSTED, mandate=custody, **line
    )
    ledger.add_key(act.command, key, f"{act.by} 按委托书 {custody.number} 收下，挂 {key.hook or '柜外'}")


def _sign(act: Any) -> None:
    if act.data.get("signature"):
        act.attach(act.data["signature"], Attachment.Purpose.SIGNATURE)
    for photo in act.data.get("photos") or ():
        act.attach(photo)


def more_entrusted(act: Any) -> None:
    for line in act.data["keys"]:
        _keep(act, act.record, line)
    _sign(act)


def key_is_out(custody: Any, by: Any) -> str:
    """Release is refused while a key is with somebody (KEY-10)."""
    out = custody.keysets.filter(loans__is_out=True).order_by("tag")
    return f"钥匙 {'、'.join(str(key) for key in out)} 还借在外面，收回以后才能解除。" if out else ""


def released(act: Any) -> None:
    """Each key goes back to the owner; the receipt slip is worth nothing from now on (KEY-08)."""
    custody = act.record
    for key in custody.keysets.select_for_update().order_by("pk"):
        if key.status in (S.RETURNED, S.REPLACED):
            continue
        if key.status == S.LOST:
            KeySet.objects.filter(pk=key.pk, status=S.LOST).update(hook=None)
            continue
        ledger.claim(key.pk, (S.IN, S.DAMAGED), S.RETURNED, hook=None)
        ledger.write(act.command, key, f"{act.by} 交还{custody.released_to}，委托 {custody.number} 解除", "return")
    custody.released_at, custody.released_by = act.at, act.by
    _sign(act)
    file_record("key_release", custody, by=act.by, at=act.at)


def custody_held(custody: Any, by: Any) -> str:
    return "" if custody.closed_at else "委托书下还有保管的钥匙，不能撤回或合并；不再保管的请用“解除委托”。"


# -- loans -------------------------------------------------------------------------------------------------------------


def begin(act: Any) -> str:
    """A repairer with his order has the key at once; everybody else waits for an approval."""
    loan = act.record
    if needs_approval(loan.act, loan.borrower_kind):
        return L.ASKED
    _take(act)
    return L.OUT


BEGIN = Branch(begin, (L.ASKED, L.OUT))


def _take(act: Any) -> None:
    loan = act.record
    ledger.claim(loan.key_id, (S.IN,), S.OUT)
    loan.is_out, loan.out_at, loan.given_by, loan.handler = True, act.at, act.by, act.by


def loan_opened(act: Any) -> None:
    loan = act.record
    if loan.state == L.OUT:
        _gone(act)
        return
    code = "cs_supervisor"
    act.tell_post(code, f"{loan.number} {loan.summarise()}，待批准。")


def _gone(act: Any) -> None:
    loan = act.record
    ledger.write(
        act.command,
        loan.key,
        f"{act.by} 交{loan.staff or loan.get_borrower_kind_display()}{loan.get_act_display()}（{loan.number}）",
        "out",
    )
    if loan.job_id:
        act.command.link(loan.job, loan)


def approved(act: Any) -> None:
    loan = act.record
    loan.approved_by, loan.approved_at = act.by, act.at
    act.tell([loan.opened_by], f"{loan.number} 已批准，可以发放钥匙 {loan.key}。")


def refused(act: Any) -> None:
    act.tell([act.record.opened_by], f"{act.record.number} 未批准：{act.record.refusal[:80]}")


def handed_out(act: Any) -> None:
    _take(act)
    _gone(act)


def chased(act: Any) -> None:
    act.record.chased += 1


def given_back(act: Any) -> None:
    """The key hangs again; what came back broken is reported, what was copied is entered, an empty flat is looked at."""
    loan = act.record
    _back(act)
    key = KeySet.objects.get(pk=loan.key_id)
    if key.status == S.OUT:
        ledger.claim(key.pk, (S.OUT,), S.IN)
    ledger.write(
        act.command,
        key,
        f"{act.by} 收回，{loan.staff or loan.get_borrower_kind_display()}归还，{loan.get_condition_display()}（{loan.number}）",
        "back",
    )
    if loan.act == KeyLoan.Act.COPY and loan.copies:
        _add_copy(act, key)
    if loan.condition == KeyLoan.Condition.DAMAGED and key.status != S.REPLACED:
        report = LossReport(community=loan.community, unit=loan.unit)
        said = {
            "tag": key.tag,
            "what": "damaged",
            "found_at": act.at,
            "cause": act.data["damage"],
            "last_holder": loan.borrower,
        }
        act.open(report, said)
    if to_be_looked_at(loan):
        act.open(VacantCheck(community=loan.community, unit=key.unit, borrowing=loan), {})


def _back(act: Any) -> None:
    loan = act.record
    loan.is_out, loan.back_at, loan.taken_by = False, act.at, act.by


def _add_copy(act: Any, key: KeySet) -> None:
    copy = KeySet(
        community_id=key.community_id, unit_id=key.unit_id, place=key.place, kind=key.kind, mandate_id=key.mandate_id,
        tag=act.data["new_tag"], hook=act.data.get("new_hook"), qty=act.record.copies, copied_from=key,
    )  # fmt: skip
    ledger.add_key(act.command, copy, f"{act.by} 登记由 {key} 复制 {copy.qty} 把（{act.record.number}）")


def loan_held(loan: Any, by: Any) -> str:
    return "钥匙还在外面，不能撤回或合并，请先收回。" if loan.is_out else ""


def lost_outside(act: Any) -> None:
    act.record.is_out, act.record.handler = False, None


# -- losses ------------------------------------------------------------------------------------------------------------


def loss_begins(act: Any) -> str:
    """The key is taken off the shelf or out of the borrower's hands in the same transaction."""
    report = act.record
    key = KeySet.objects.select_for_update().get(pk=report.key_id)
    report.unit_id = key.unit_id
    report.borrowing = KeyLoan.objects.filter(key=key, is_out=True, state=L.OUT).first()
    target = S.LOST if report.what == LossReport.What.LOST else S.DAMAGED
    source = (S.IN, S.OUT, S.DAMAGED) if target == S.LOST else (S.IN, S.OUT)
    ledger.claim(key.pk, source, target)
    told = act.data.get("told_supervisor")
    report.told_supervisor = told
    report.told_supervisor_at = act.at if told else None
    report.stage = _after_supervisor(report) if told else LossReport.Stage.SUPERVISOR
    return LossReport.State.TOLD if told else LossReport.State.REPORTED


def _after_supervisor(report: Any) -> str:
    """The clock goes on for the owner, where the key has one."""
    return LossReport.Stage.OWNER if report.unit_id else LossReport.Stage.NOBODY


LOSS_BEGINS = Branch(loss_begins, (LossReport.State.REPORTED, LossReport.State.TOLD))


def loss_opened(act: Any) -> None:
    report = act.record
    ledger.write(act.command, report.key, f"{act.by} 报{report.get_what_display()}（{report.number}）", report.what)
    if report.borrowing:
        # whoever finds a key gone may report it, also where he does not see who has it: the loan ends by the system's hand
        hand = Commanding(by=authority().system(), at=act.at, now=act.command.now, key=act.command.key)
        hand.perform(report.borrowing, "lost", data={}, files={})
        act.command.link(report.borrowing, report)
    act.tell_post("cs_supervisor", f"{report.number} {report.summarise()[:90]}，请立即处理。")


def told(act: Any) -> None:
    report = act.record
    report.told_supervisor = act.data["told_supervisor"]
    report.stage = _after_supervisor(report)


def not_the_owner_yet(report: Any, by: Any) -> str:
    if report.unit_id and report.told_owner_at is None:
        return "请先告知业主（当日），再登记处理结果。"
    return ""


def no_owner(report: Any, by: Any) -> str:
    return "" if report.unit_id else "这把钥匙不属于任何一户，没有业主要告知。"


def remedied(act: Any) -> None:
    """Lock changed: no key of that lock opens it any more. Copied: the tag has a key again."""
    report, R = act.record, LossReport.Remedy
    report.done_at = act.at
    key = report.key
    if report.remedy == R.LOCK:
        others = ledger.replace_lock(act, key, report.number)
        if others:
            act.command.note(report, f"同一把锁的钥匙一并作废：{'、'.join(str(one) for one in others)}", step="replace")
    elif report.remedy == R.COPY:
        if _over(key):
            raise Refused("这户的委托已经解除，不用再配匙；请选“只赔偿”或“换锁”。")
        ledger.claim(key.pk, (S.LOST, S.DAMAGED), S.IN)
        ledger.write(act.command, key, f"{act.by} 配好钥匙，重新在库（{report.number}）", "back")
    elif key.hook_id:
        KeySet.objects.filter(pk=key.pk, status__in=(S.LOST, S.DAMAGED)).update(hook=None)


def only_lost(report: Any, by: Any) -> str:
    return "" if report.what == LossReport.What.LOST else "损坏的钥匙请登记处理结果。"


def found(act: Any) -> None:
    report = act.record
    report.done_at = act.at
    if _over(report.key):
        ledger.claim(report.key_id, (S.LOST,), S.RETURNED, hook=None)
        ledger.write(act.command, report.key, f"{act.by} 找回，委托已解除，交还业主（{report.number}）", "return")
        return
    ledger.claim(report.key_id, (S.LOST,), S.IN)
    ledger.write(act.command, report.key, f"{act.by} 找回，重新在库（{report.number}）", "back")


def _over(key: KeySet) -> bool:
    """The trust under which the key was kept has ended meanwhile."""
    return bool(key.mandate and key.mandate.state == Custody.State.RELEASED)


def loss_held(report: Any, by: Any) -> str:
    return "" if report.closed_at else "报告不能撤回或合并：钥匙找回了请用“已找回”，否则登记处理结果。"


# -- empty flats -------------------------------------------------------------------------------------------------------


def to_check(act: Any) -> None:
    check = act.record
    stewards = authority().holders(check.community_id, "steward")
    if len(stewards) == 1:
        check.handler = stewards[0]
    people = stewards or authority().holders(check.community_id, "cs_supervisor")
    act.tell(people, f"{check.number} {check.unit} 看房钥匙已还，请一小时内到房内检查。")


def _all_well(record: Any) -> bool:
    return bool(record.doors_shut and record.utilities_off and record.nothing_left and not record.problem)


AFTER_LOOK = Branch(
    lambda act: VacantCheck.State.DONE if _all_well(act.record) else VacantCheck.State.WRONG,
    (VacantCheck.State.DONE, VacantCheck.State.WRONG),
)


def looked(act: Any) -> None:
    act.record.checked_at = act.at
    act.record.handler = act.record.handler or act.by
    for photo in act.data.get("photos") or ():
        act.attach(photo)
    if act.record.state == VacantCheck.State.WRONG:
        act.tell_post("cs_supervisor", f"{act.record.number} {act.record.unit} 看房后发现：{act.record.problem[:80]}")


def put_right(act: Any) -> None:
    for photo in act.data.get("photos") or ():
        act.attach(photo)
