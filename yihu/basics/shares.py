"""A share as people read it (domain handbook §4): exact, half up, and a dash where there is nothing to divide by."""

from fractions import Fraction

from yihu.basics.money import round_half_up

DASH = "—"


def percent(part: int, whole: int, places: int = 2) -> str:
    """1 of 412 is 0.24%, with three places 0.243%; of nothing it is neither 0 % nor 100 %."""
    if whole <= 0:
        return DASH
    size = 10**places
    found = round_half_up(Fraction(part * 100 * size, whole))
    figures = f"{abs(found) // size}.{abs(found) % size:0{places}d}" if places else str(abs(found))
    return f"{'-' if found < 0 else ''}{figures}%"
