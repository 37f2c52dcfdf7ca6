"""A sheet without somebody's name: its glyphs are gone, everything else stands as it stood."""

import io
import re
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader, PdfWriter

from tests.kernel.print_samples import FORM, REGISTER, SLIP, WORK, register
from tests.support.sheets import text_of, text_of_pages
from yihu.kernel.prints import render
from yihu.kernel.prints.joining import join
from yihu.kernel.prints.masking import without
from yihu.kernel.traces import Marks

NOW = datetime(2026, 11, 21, 1, 5, tzinfo=UTC)
HIM = Marks(["赵业主"], []).spans


def slip(**changed):
    return render(SLIP, {**WORK, **changed}, "王客服", now=NOW)


@pytest.mark.parametrize(("sheet", "data"), [(SLIP, WORK), (FORM, WORK), (REGISTER, register(None, None))])
def test_only_he_is_gone_from_every_page_and_copy(sheet, data):
    pdf = render(sheet, data, "王客服", now=NOW)
    assert "赵业主" in text_of(pdf)
    left = without(pdf, HIM)
    assert text_of_pages(left) == [page.replace("赵业主", "") for page in text_of_pages(pdf)]


def test_a_name_that_a_line_breaks_and_one_typed_with_a_space_are_found():
    said = "上门时" + "请" * 400 + "找赵 业主，" + "".join("赵业主到场" for _ in range(90))
    pdf = slip(symptom=said, phone="")
    left = text_of(without(pdf, HIM))
    assert not re.search("赵\\s?业", left)
    assert left.count("到场") == text_of(pdf).count("到场")


def test_a_number_is_found_beside_another_one():
    marks = Marks([], [_Number("13912345678")]).spans
    pdf = slip(reporter="2026-11-21", phone="13912345678", symptom="回电13912345678，139-1234-5678 也行")
    assert "13912345678" in text_of(pdf)
    left = text_of(without(pdf, marks))
    assert "5678" not in left
    assert "也行" in left


def test_a_sheet_that_names_him_nowhere_stays_as_it_is():
    pdf = slip(reporter="钱邻居")
    assert without(pdf, Marks(["没有的人"], []).spans) == pdf


def test_several_sheets_in_one_file():
    pdf = join([slip(), slip(reporter="钱邻居")])
    assert "钱邻居" in text_of(without(pdf, HIM))
    assert "赵业主" not in text_of(without(pdf, HIM))


def test_what_is_no_sheet_of_ours_or_would_name_him_all_the_same_is_not_given_out():
    assert without(b"no pdf", HIM) is None
    titled = PdfWriter(clone_from=PdfReader(io.BytesIO(slip(reporter="钱邻居"))))
    titled.add_metadata({"/Title": "给赵业主"})
    out = io.BytesIO()
    titled.write(out)
    assert without(out.getvalue(), HIM) is None


def test_what_was_taken_out_lies_nowhere_in_the_file():
    pdf = slip()
    left = PdfReader(io.BytesIO(without(pdf, HIM)))
    drawn = [one for one in range(1, int(left.trailer["/Size"])) if _draws_text(left, one)]
    assert len(drawn) == len(left.pages)  # the old page does not lie behind the new one


def _draws_text(reader, number):
    try:
        found = reader.get_object(number)
    except Exception:
        return False
    return hasattr(found, "get_data") and re.search(rb"\bBT\b.*\bTJ?\b", found.get_data(), re.DOTALL) is not None


class _Number:
    def __init__(self, clear):
        self._clear = clear
