"""Keys that owners leave at the desk: taken in with a slip, lent on the owner's word, counted twice a week, given back."""

from __future__ import annotations

from datetime import time, timedelta

from yihu.areas.keys.counting.schedules import USUAL
from yihu.demo.plan import Case, IdEnding, Named, Row, Signed, Story, moment, typed
from yihu.demo.stock.lists import KEY_CABINETS

CABINET = KEY_CABINETS[0][0]
PLACES = ("入户门", "入户门、信报箱", "入户门、地下室储物间")
ERRANDS = ("查看厨房漏水位置", "陪同空调师傅上门", "关窗防雨", "燃气表抄表进户")


def in_trust(story: Story, days: int) -> None:
    """On the first day some owners leave theirs, later one now and then; one is given back."""
    left = 0
    kept: list[tuple[Case, str]] = []
    for number in range(days):
        day = story.day(number)
        for hour in (9, 10, 14, 15, 16) if number == 0 else (11,) if number % 6 == 5 else ():
            left += 1
            case = story.case("YQ", moment(day, time(hour)) + story.minutes(0, 50))
            tag = f"K{left:03d}"
            mandate(case, tag, left)
            kept.append((case, tag))
        if number % 2 == 1:
            case, tag = story.pick(kept)
            lend(story.case("YQ", moment(day, time(13, 10)) + story.minutes(0, 40), case.home), tag)
        if day.weekday() in USUAL:
            count(story.case("YQ", moment(day, time(16, 20)) + story.minutes(0, 20)), f"count {CABINET} {day}")
    if days > 3:
        give_back(kept[0][0], story.day(days - 2))


def mandate(case: Case, tag: str, place: int) -> None:
    """The owner signs, keeps the slip, and the key hangs on a hook whose number says nothing of the flat."""
    party, name = case.home.owner
    case.begin(
        "keys.Custody", case.clerk(), unit=case.home.pk, signer=name, capacity="owner", id_type="card", id_last4=IdEnding(party),
        purpose=case.story.pick(("repair", "letting", "emergency")), from_on=f"{case.at.date()}",
        place_1=case.story.pick(PLACES), tag_1=tag, hook_1=Row("keys.Hook", "label", f"A-{place:02d}", "cabinet__community"), signature=Signed(place % 2),
    )  # fmt: skip


def lend(case: Case, tag: str) -> None:
    """The steward takes it for an errand that the owner agreed to on the telephone, and brings it back the same day."""
    clerk = case.clerk()
    agreed = {"consent_from": case.home.owner[1], "consent_at": typed(case.at - timedelta(minutes=6))}
    case.begin(
        "keys.KeyLoan", clerk, tag=tag, act="borrow", borrower_kind="staff", staff=Named("tian"),
        reason=case.story.pick(ERRANDS), **agreed,
    )  # fmt: skip
    case.wait(3, 10)
    case.do("approve", "li", "own")
    case.wait(2, 6)
    case.do("hand_out", clerk, "own")
    case.wait(30, 120)
    case.do("give_back", case.clerk(), "own", condition="good", returned_by="田管家")


def count(case: Case, on: str) -> None:
    """The clerk walks the cabinet; the steward, who does not keep it, is the witness."""
    clerk = case.clerk()
    case.do("walk", clerk, on)
    case.wait(3, 8)
    case.do("sign", clerk, on, surplus_seen="no", witness=Named("tian"), signature=Signed(0 if clerk == "wang" else 1))
    case.wait(3, 15)
    case.do("witness", "tian", on, signature=Signed(2))


def give_back(case: Case, day: object) -> None:
    """He moves in and takes his keys home; the slip comes back."""
    party, name = case.home.owner
    case.at = moment(day, time(17, 5))  # type: ignore[arg-type]
    case.do(
        "release", case.clerk(), "own", released_to=name, release_id_type="card", release_id_last4=IdEnding(party), slip="none",
        no_receipt_reason="回执找不到了，本人带身份证来取", signature=Signed(0),
    )  # fmt: skip
