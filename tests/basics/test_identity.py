"""Numbers that belong to people: checked, compared, hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yihu.basics.identity import (
    check_id,
    is_mobile,
    mask_account,
    mask_free_text,
    mask_id,
    mask_name,
    mask_phone,
    normal_id,
    normal_phone,
)

# Invented numbers with right check digits.
PERSON = "511502195905105645"
PERSON_X = "51150219560107005X"
COMPANY = "91511502MA7ABC12DG"


@pytest.mark.parametrize(
    "text",
    ["", "  ", PERSON, PERSON_X.lower(), COMPANY, COMPANY.lower(), "511502 19590510 5645",
     "５１１５０２１９５９０５１０５６４５"],
)  # fmt: skip
def test_numbers_in_order(text):
    assert check_id(text) == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("511502195905105646", "身份证号的校验位不对"),
        ("511502195913105645", "出生日期不存在"),
        ("011502195912105645", "地区或出生日期不存在"),
        ("91511502MA7ABC12DH", "统一社会信用代码的校验位不对"),
        ("511502590510564", "15位的旧身份证号"),
        ("1234", "现为4位"),
        ("91511502IA7ABC12DG", "不该出现的字符"),
    ],
)
def test_numbers_with_a_mistake(text, sentence):
    assert sentence in check_id(text)
    assert check_id(text).endswith("。")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800138112", "13800138112"), ("138 0013 8112", "13800138112"), ("138-0013-8112", "13800138112"),
        ("１３８００１３８１１２", "13800138112"), ("+86 138 0013 8112", "13800138112"),
        ("0086-13800138112", "13800138112"), ("8613800138112", "13800138112"), ("0830-2345678", "08302345678"),
        ("(010) 6234 5678", "01062345678"),
        ("0830-2345678-801", "08302345678-801"), ("0830-2345678 转 801", "08302345678-801"), ("2345678", "2345678"),
        ("400-820-8820", "4008208820"), ("95588", "95588"), ("12345", "12345"), ("110", "110"),
        ("+1 (415) 555-2671", "+14155552671"), ("\u200b13800138112\u202c", "13800138112"),
        ("", ""), ("1380013811", ""), ("12800138112", ""), ("无", ""), ("138001381123", ""), ("A1-1-0101", ""),
    ],
)  # fmt: skip
def test_phones_in_one_form(typed, number):
    assert normal_phone(typed) == number
    assert normal_phone(number) == number


def test_kinds_of_phone():
    assert [is_mobile(text) for text in ("138 0013 8112", "0830-2345678", "")] == [True, False, False]


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13800138112", "138****8112"), ("138-0013-8112", "138****8112"), ("08302345678", "0830***5678"),
        ("01062345678", "010****5678"), ("08302345678-801", "0830***5678-***"), ("2345678", "***5678"),
        ("95588", "95588"),
        ("+14155552671", "+14*****2671"), ("", ""), ("微信abc", "*****"),
    ],
)  # fmt: skip
def test_masked_phones(number, masked):
    assert mask_phone(number) == masked


def test_masked_identity_numbers_and_accounts():
    assert mask_id(PERSON) == "**************5645"
    assert mask_id(PERSON_X.lower()) == "**************005X"
    assert mask_id("1234567") == "*******"
    assert mask_id("") == ""
    assert mask_account("6222 0212 3456 7890 123") == "*** **** **** **** 0123"
    assert normal_id(" 91511502ma7abc12dg") == COMPANY


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请回电13800138112，谢谢", "请回电138****8112，谢谢"),
        ("业主电话１３８００１３８１１２", "业主电话138****8112"),
        ("打 138 0013 8112 或 139-5150-6980", "打 138****8112 或 139****6980"),
        ("+86 13800138112", "138****8112"),
        ("1380-0138-112", "138****8112"),
        ("座机0830-2345678", "座机0830***5678"),
        (f"身份证{PERSON}。", "身份证**************5645。"),
        ("证件511502 19560107 005x", "证件**************005X"),
        ("卡号 6222 0212 3456 7890", "卡号 ************7890"),
        ("卡号6222021234567890123", "卡号***************0123"),
        ("幺三八零零幺三八幺幺二", "***********"),
        ("11位以上12345678901234", "11位以上**********1234"),
    ],
)
def test_numbers_in_free_text_are_hidden(text, shown):
    assert mask_free_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "A1-1-0101 厨房漏水，2026-11-21 09:17 报修，维修 1,286.40 元",
        "YQ-WO-202611-0001 转 13-1-1201，20261121 复查",
        "2026年11月21日 9:12—17:30，表底 99985→00037",
        "车牌 川AU2H2F，拨 12345 或 95588",
        "",
    ],
)
def test_what_is_no_personal_number_stays(text):
    assert mask_free_text(text) == text


@given(st.text(), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text())
def test_no_mobile_number_gets_through(before, number, after):
    assert number not in mask_free_text(before + number + after)


@given(st.text())
def test_any_text_is_checked_and_masked_without_complaint(text):
    assert isinstance(check_id(text), str)
    assert normal_phone(normal_phone(text)) == normal_phone(text)
    assert isinstance(mask_phone(text) + mask_id(text) + mask_account(text) + mask_free_text(text), str)


def test_a_name_is_hidden_but_for_its_beginning() -> None:
    assert [mask_name(name) for name in ("赵业主", "赵 四", "赵", "", "欧阳明月")] == [
        "赵**",
        "赵**",
        "赵**",
        "",
        "欧**",
    ]
    assert mask_name("杭州青禾文化创意有限公司") == "杭州***公司"
