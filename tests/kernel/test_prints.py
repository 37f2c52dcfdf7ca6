"""Printed sheets: what stands on them, in how many copies, and that nothing typed can spoil them."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain

import pytest
from PIL import Image
from pypdf import PdfReader

from tests.kernel.print_samples import FORM, REGISTER, SLIP, WORK
from tests.support.cast import Cast
from tests.support.sheets import text_of, text_of_pages
from yihu.kernel.models import PrintRun
from yihu.kernel.prints import Print, PrintError, count_print, print_record, render, render_batch, reprints
from yihu.kernel.prints.coverage import covered, drawable
from yihu.kernel.prints.engine import set_type
from yihu.kernel.prints.joining import join
from yihu.kernel.prints.plain import plain, printable, qr_svg
from yihu.kernel.prints.rendering import pages, template_of

NOW = datetime(2026, 11, 21, 1, 5, tzinfo=UTC)


def form(**changed):
    return text_of(render(FORM, {**WORK, **changed}, "王客服", now=NOW, copies=("存根联",)))


def picture(colour="black") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "PNG")
    return out.getvalue()


def dark(page: bytes) -> int:
    """How many dark dots a page has."""
    return sum(Image.open(io.BytesIO(page)).convert("L").histogram()[:100])


# what stands on a sheet -----------------------------------------------------------------------------------------------


def test_letterhead_body_and_foot():
    sheet = text_of(render(FORM, WORK, "王客服", now=NOW))
    for words in (
        "云栖苑物业服务中心",
        "维修派工单",
        "编号：YQ-WO-202611-0007",
        "房号A1-1-0101",
        "138****8112",
        "软管接头渗水",
        "不锈钢编织软管40cm118.0018.00",
        "大写：伍拾元伍角整",
        "客户签字：",
        "王客服2026-11-2109:05打印",
    ):
        assert words in sheet
    assert "补打" not in sheet


def test_each_copy_is_a_sheet_of_its_own_with_its_name_and_page_count():
    sheets = text_of_pages(render(FORM, WORK, "王客服", now=NOW))
    assert len(sheets) == 3
    for sheet, copy in zip(sheets, FORM.copies, strict=True):
        assert copy in sheet
        assert "第1页共1页" in sheet
        assert "（续）" not in sheet
    assert len(text_of_pages(render(FORM, WORK, "王客服", now=NOW, copies=("客户联",)))) == 1


def test_a_long_register_repeats_its_headings_and_counts_its_pages():
    sheets = text_of_pages(render(REGISTER, object(), "王客服", now=NOW))
    assert len(sheets) >= 3
    for number, sheet in enumerate(sheets, start=1):
        assert "处理结果" in sheet
        assert f"第{number}页共{len(sheets)}页" in sheet
        assert ("业主接待记录表（续）" in sheet) is (number > 1)
    assert "YQ-JD-202611-0001" in sheets[0]
    assert "YQ-JD-202611-0060" in sheets[-1]
    assert "项目经理：" in sheets[-1]


def test_paper_sizes():
    def millimetres(declared):
        box = PdfReader(io.BytesIO(render(declared, WORK | {"lines": [], "month": ""}, now=NOW))).pages[0].mediabox
        return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)

    assert millimetres(FORM) == (210, 297)
    assert millimetres(SLIP) == (210, 148)
    assert millimetres(REGISTER) == (297, 210)


def test_a_project_may_call_its_sheet_otherwise():
    assert "来访回执" in text_of(render(SLIP, object(), now=NOW))


def test_a_reprint_says_so_on_each_copy():
    for sheet in text_of_pages(render(FORM, WORK, "王客服", now=NOW, reprint=2)):
        assert sheet.count("补打2") == 2


def test_signatures_and_ticks_are_drawn():
    [plain_page] = pages(FORM, WORK, now=NOW, copies=("",))
    [signed] = pages(FORM, {**WORK, "signature": picture()}, now=NOW, copies=("",))
    [unticked] = pages(FORM, {**WORK, "opinion": ""}, now=NOW, copies=("",))
    assert dark(signed) > dark(plain_page) + 1000
    assert dark(unticked) < dark(plain_page)
    assert Image.open(io.BytesIO(plain_page)).size == (909, 1286)


def test_the_same_sheet_is_the_same_to_the_byte():
    assert render(FORM, WORK, "王客服", now=NOW) == render(FORM, WORK, "王客服", now=NOW)


# nothing typed can spoil a sheet --------------------------------------------------------------------------------------

HOSTILE = {
    "markup": '#set page(fill: red) $x^2$ "q" *b* _i_ `c` <l> @ref [x] \\ // /* ~ --',
    "html": "<script>alert(1)</script>&amp;",
    "emoji": "👨‍👩‍👧‍👦👍🏻 漏水💧了 ☹️",
    "rtl": "\u202eabc\u202c عربى שלום " * 20,
    "control": "a\x00b\x07c\ud800d\u2028e\r\nf\tg",
    "one word": "x" * 10_000,
    "chinese": "漏水" * 5_000,
    "lines": "一\n" * 60,
    "address": "https://example.invalid/" + "a/b?c=" * 60,
    "json": '"}],"sheets":[{',
    "endless": "很长" * 50_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_set_in_every_place(text):
    line = dict.fromkeys(("item", "quantity", "price", "amount"), text[:300])
    data = dict.fromkeys(WORK, text) | {"lines": [line], "signature": text.encode(errors="replace")}
    sheet = render(
        FORM,
        {**data, "unit": text[:200], "reporter": text[:200], "phone": text[:200]},
        text,
        now=NOW,
        copies=(text[:20],),
    )
    assert sheet.startswith(b"%PDF")


def test_markup_is_printed_as_it_was_typed():
    assert '#setpage(fill:red)$x^2$"q"*b*_i_`c`' in form(symptom=HOSTILE["markup"])
    assert "<script>alert(1)</script>&amp;" in form(symptom=HOSTILE["html"])


def test_a_long_word_stays_inside_its_box():
    [page] = pages(FORM, {**WORK, "phone": "8" * 100, "number": "9" * 59}, now=NOW, copies=("",))
    right_margin = Image.open(io.BytesIO(page)).convert("L").crop((835, 0, 909, 1286))
    assert right_margin.getextrema() == (255, 255)


def test_characters_that_no_font_has_are_shown_as_missing_one_each():
    assert drawable("漏水💧了") == "漏水□了"
    assert drawable("👨‍👩‍👧‍👦👍🏻☹️") == "□□□"
    assert drawable("𠮷野") == "□野"
    assert drawable("堃喆翀玥龑犇赟㎡￥□✓①") == "堃喆翀玥龑犇赟㎡￥□✓①"
    assert len(covered()) > 30_000


def test_values_of_every_kind_become_plain():
    given = {"a": None, "b": True, "c": 1, "d": Decimal("89.50"), "e": date(2026, 11, 21), "f": NOW, 5: ("x", {"y"})}
    assert list(plain(given).values()) == [None, True, 1, "89.50", "2026-11-21", "2026-11-21 09:05", ["x", ["y"]]]
    assert list(plain(given)) == ["a", "b", "c", "d", "e", "f", "5"]
    assert plain(picture()).startswith("<svg")
    assert plain(b"no picture") == ""
    assert plain(b"\xff\xd8\xff\xe0 half a photograph") == ""
    assert printable("短") == "短"
    assert printable("YQ-WO-202611-0007").replace("\u200b", "") == "YQ-WO-202611-0007"
    assert len(printable("长" * 100_000)) < 21_000


def test_the_qr_code_holds_what_it_should():
    assert qr_svg("YQ-WO-202611-0007") != qr_svg("YQ-WO-202611-0008")
    assert qr_svg("x").startswith("<svg")


# when a template is wrong ---------------------------------------------------------------------------------------------


@pytest.mark.logs_errors
@pytest.mark.parametrize(
    ("source", "diagnosis"),
    [
        ('#import "/kernel/house.typ": *\n#sheets(d => [#d.nothing])', "nothing"),
        ("#set text(font: (\"No Such Font\",))\n字", "no such font"),
        ('#read("/etc/passwd")', "passwd"),
        ('#read("../../../../../../../etc/passwd")', "passwd"),
        ('#import "@preview/cetz:0.4.0": *', "cetz"),
        ("#let x = ", "expected"),
    ],
)  # fmt: skip
def test_errors_and_warnings_of_a_template_are_refused_with_a_sentence(tmp_path, caplog, source, diagnosis):
    template = tmp_path / "wrong.typ"
    template.write_text(source)
    with pytest.raises(PrintError, match="没有排好版") as refused:
        set_type(template, {"sheets": [{"data": {}}], "paper": "a4", "copies": [""]}, "pdf", now=NOW)
    assert diagnosis in refused.value.diagnosis.lower()
    assert "wrong.typ" in caplog.text


def test_a_missing_template_and_a_wrong_paper_are_found():
    with pytest.raises(FileNotFoundError, match=r"print nowhere has no template .*nowhere\.typ"):
        template_of(replace(FORM, name="nowhere"))
    with pytest.raises(FileNotFoundError, match=r"kernel.prints.x\.typ"):
        template_of(replace(FORM, template="kernel/prints/x.typ"))
    with pytest.raises(ValueError, match="paper"):
        Print("x", "单", data=lambda record, by: {}, paper="letter")


# many at once ---------------------------------------------------------------------------------------------------------


def test_a_batch_comes_in_chunks_and_in_order():
    data = ({**WORK, "number": f"YQ-{n:03d}"} for n in range(7))
    chunks = [text_of_pages(pdf) for pdf in render_batch(FORM, data, "王客服", copies=("客户联",), now=NOW, chunk=3)]
    assert [len(chunk) for chunk in chunks] == [3, 3, 1]
    assert [f"编号：YQ-{n:03d}" in sheet for n, sheet in enumerate(chain(*chunks))] == [True] * 7
    assert all("第1页共1页" in sheet for chunk in chunks for sheet in chunk)


def test_the_chunks_become_one_file_in_their_order():
    data = ({**WORK, "number": f"YQ-{n:03d}"} for n in range(5))
    pages = text_of_pages(join(render_batch(FORM, data, "王客服", copies=("客户联",), now=NOW, chunk=2)))
    assert [f"编号：YQ-{n:03d}" in sheet for n, sheet in enumerate(pages)] == [True] * 5
    with pytest.raises(ValueError, match="no pages"):
        join([])


def test_threads_do_not_mix_their_sheets():
    with ThreadPoolExecutor(4) as pool:
        sheets = list(pool.map(lambda n: form(number=f"YQ-{n:03d}"), range(12)))
    assert [f"YQ-{n:03d}" in sheet for n, sheet in enumerate(sheets)] == [True] * 12


# counting -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def people(db):
    return Cast()


def test_the_second_print_of_a_sheet_is_a_reprint(people):
    first, second, third = (print_record(SLIP, None, by=people.wang, now=NOW, subject="YQ-1") for _ in range(3))
    assert "补打" not in text_of(first)
    assert "补打1" in text_of(second)
    assert "补打2" in text_of(third)
    assert "补打" not in text_of(print_record(SLIP, None, by=people.wang, now=NOW, subject="YQ-2"))
    assert reprints("slip", "YQ-1") == 2
    assert reprints("slip", "YQ-9") == 0
    assert [(run.copy_no, run.by, run.at) for run in PrintRun.objects.filter(subject="YQ-1").order_by("pk")] == [
        (number, people.wang, NOW) for number in (1, 2, 3)
    ]


@pytest.mark.logs_errors
def test_what_could_not_be_set_is_not_counted(people):
    broken = replace(FORM, data=lambda record, by: {"number": "YQ-1"})
    with pytest.raises(PrintError):
        print_record(broken, None, by=people.wang, now=NOW, subject="YQ-1")
    assert not PrintRun.objects.exists()


def test_two_who_print_at_once_get_different_numbers(people, monkeypatch):
    count_print("slip", by=people.wang, at=NOW, subject="YQ-1")
    real = PrintRun.objects.filter
    stale = iter([real(pk=-1), real(subject="YQ-1")])
    monkeypatch.setattr(PrintRun.objects, "filter", lambda **conditions: next(stale))
    assert count_print("slip", by=people.wang, at=NOW, subject="YQ-1").copy_no == 2
