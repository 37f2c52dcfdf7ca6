"""Parcels on the shelf: a few a day are told by telephone and fetched in the evening; one is refused, one nobody fetches."""

from __future__ import annotations

from yihu.demo.plan import Case, Signed, Story

A_DAY = 4
SHELVES = ("A1", "A2", "B1")
LETTERS = "挂号柜"
CARRIERS = (("SF", "sf"), ("JD", "jd"), ("YT", "yto"), ("JT", "jt"))
LATER = ("晚上下班来取", "明天来取", "没人接，晚些再打", "让家里老人来拿")


def on_the_shelf(story: Story, days: int) -> None:
    taken = 0
    for number in range(days):
        for at in story.moments(story.day(number), A_DAY):
            taken += 1
            case = story.case("YQ", at)
            if taken % 9 == 4:
                letter(case, taken)
            elif taken % 11 == 6:
                refused(case, taken)
            elif taken % 13 == 8:
                unclaimed(case, taken)
            else:
                fetched(case, taken)


def take(case: Case, taken: int) -> None:
    """No real number is as short as these."""
    begins, carrier = case.story.pick(CARRIERS)
    case.begin(
        "parcels.ParcelCustody", case.clerk(), unit=case.home.pk, tracking_no=f"{begins}{300_000 + taken}", carrier=carrier, sort="ordinary",
        shelf=case.story.pick(SHELVES),
    )  # fmt: skip


def tell(case: Case, how: str = "phone") -> None:
    case.do("tell", case.clerk(), "own", told_how=how, words=case.story.pick(LATER) if how == "phone" else "")


def fetched(case: Case, taken: int) -> None:
    take(case, taken)
    case.wait(5, 40)
    tell(case)
    case.wait(60, 300) if case.story.chance(0.7) else case.next_day(18)
    case.do("sign", case.clerk(), "own", relation="self", signature=Signed(taken % 2))


def letter(case: Case, taken: int) -> None:
    """A registered letter lies apart and goes against a document."""
    case.begin(
        "parcels.ParcelCustody", case.clerk(), unit=case.home.pk, tracking_no=f"XA{700_000 + taken}", carrier="post", sort="registered",
        shelf=LETTERS,
    )  # fmt: skip
    case.wait(5, 30)
    tell(case)
    case.next_day(17)
    case.do(
        "sign", case.clerk(), "own", relation="self", id_type="card", id_last4=f"{1000 + taken}", signature=Signed(taken % 2)
    )  # fmt: skip


def refused(case: Case, taken: int) -> None:
    take(case, taken)
    case.wait(10, 40)
    tell(case)
    case.wait(60, 200)
    case.do("report", case.clerk(), "own", fault="refused", fault_note="箱角压破，业主当面拒收")
    case.next_day(10)
    case.do("send_back", case.clerk(), "own", returned_to="派件员", return_no="")


def unclaimed(case: Case, taken: int) -> None:
    """Told twice, chased when its days are over, and sent back."""
    take(case, taken)
    case.wait(10, 40)
    tell(case)
    for how in ("phone", "slip"):
        case.next_day(10)
        case.next_day(10)
        tell(case, how)
    case.next_day(11)
    case.next_day(11)
    case.do("report", case.clerk(), "own", fault="unclaimed", fault_note="电话没人接，放了通知单也没来")
    case.next_day(10)
    case.do("send_back", case.clerk(), "own", returned_to="派件员", return_no="")
