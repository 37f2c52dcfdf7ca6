"""What the staff pages ask for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from yihu.ground.staff.codes import DEPARTMENTS, POSTS
from yihu.ground.staff.models import Account, plain_username
from yihu.ground.staff.passwords import RULES

LONGEST_PASSWORD = 128


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


def _password(label: str, purpose: str, help_text: str = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": purpose})
    return forms.CharField(label=label, strip=False, max_length=LONGEST_PASSWORD, widget=widget, help_text=help_text)


class SignInForm(forms.Form):
    """登录."""

    username = forms.CharField(
        label="用户名",
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
        error_messages={"required": "请填写用户名。"},
    )
    password = _password("密码", "current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("username"):  # a locked screen: only the password is wanting
            del self.fields["username"].widget.attrs["autofocus"]
            self.fields["password"].widget.attrs["autofocus"] = True
        self.fields["password"].error_messages["required"] = "请填写密码。"

    def clean_username(self) -> str:
        return plain_username(self.cleaned_data["username"])


class FirstPasswordForm(forms.Form):
    """Choose a password in place of the initial one."""

    new = _password("新密码", "new-password", RULES)
    again = _password("再输入一次", "new-password")

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        self.account = account
        super().__init__(*args, **kwargs)

    def clean_new(self) -> str:
        new = self.cleaned_data["new"]
        validate_password(new, self.account)
        if self.account.check_password(new):
            raise ValidationError("新密码不能和现在的密码一样，请换一个。")
        return new

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("new") and "again" in cleaned and cleaned["new"] != cleaned["again"]:
            self.add_error("again", "两次输入的新密码不一样，请重新输入。")
        return cleaned


class PasswordForm(FirstPasswordForm):
    """Change one's own password."""

    old = _password("现在的密码", "current-password")
    field_order = ["old", "new", "again"]

    def clean_old(self) -> str:
        old = self.cleaned_data["old"]
        if not self.account.check_password(old):
            raise ValidationError("现在的密码不对，请重新输入。")
        return old


class PersonForm(forms.ModelForm):
    """新同事, or what is known of one."""

    class Meta:
        model = Account
        fields = ["name", "username", "phone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].error_messages["required"] = "请填写姓名。"
        self.fields["username"].error_messages["required"] = "请填写用户名。"
        self.fields["username"].help_text = "登录用，例如姓名全拼或工号；小写字母、数字或汉字。"
        self.fields["username"].widget.attrs.update(autocomplete="off", autocapitalize="none", spellcheck="false")

    def clean_username(self) -> str:
        return plain_username(self.cleaned_data["username"])


class FindPeopleForm(forms.Form):
    """The filter above the list."""

    q = forms.CharField(
        label="查找",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "姓名、拼音首字母或用户名"}),
    )
    tab = forms.CharField(required=False, widget=forms.HiddenInput())


class DepartmentsForm(forms.Form):
    """How each department is called here."""

    def __init__(self, *args: Any, names: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, usual in DEPARTMENTS:
            self.fields[code] = forms.CharField(label=usual, max_length=20, initial=names.get(code, usual))


class PostForm(forms.Form):
    """任职."""

    code = forms.ChoiceField(label="岗位", choices=[("", "请选择"), *POSTS])
    community = forms.ModelChoiceField(label="管理项目", queryset=None, empty_label="请选择")
    department = forms.ChoiceField(
        label="部门", choices=[("", "按岗位默认"), *DEPARTMENTS], required=False, help_text="一般不用选。"
    )
    from_on = forms.DateField(label="任职日期", widget=DayInput())
    to_on = forms.DateField(label="最后一天", widget=DayInput(), required=False, help_text="长期任职可以不填。")

    def __init__(self, *args: Any, communities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities
        self.fields["from_on"].initial = timezone.localdate()
        if len(communities) == 1:
            self.fields["community"].initial = communities[0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("from_on") and cleaned.get("to_on") and cleaned["to_on"] < cleaned["from_on"]:
            self.add_error("to_on", "最后一天不能早于任职日期。")
        return cleaned


class EndPostForm(forms.Form):
    """离任."""

    to_on = forms.DateField(label="最后一天", widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_on"].initial = timezone.localdate()


class DeputyForm(forms.Form):
    """代理: who stands in for this person, and when."""

    stand_in = forms.ModelChoiceField(label="代理人", queryset=None, empty_label="请选择")
    from_on = forms.DateField(label="开始日期", widget=DayInput())
    to_on = forms.DateField(label="最后一天", widget=DayInput())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = people
        today = timezone.localdate()
        self.fields["from_on"].initial, self.fields["to_on"].initial = today, today + timedelta(days=6)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("from_on") and cleaned.get("to_on") and cleaned["to_on"] < cleaned["from_on"]:
            self.add_error("to_on", "最后一天不能早于开始日期。")
        return cleaned
