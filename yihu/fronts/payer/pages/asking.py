"""The two small forms beside the bill: an invoice for what was paid, a question about what is asked."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from yihu.areas.cashier.invoicing.models import InvoiceRequest
from yihu.areas.reception.models import Contact
from yihu.basics.money import yuan
from yihu.basics.text import clean, clean_line
from yihu.fronts.payer.bills import papers_of
from yihu.fronts.payer.models import Objection
from yihu.fronts.payer.pages.shared import frame, key_for, no_longer, of_bill
from yihu.fronts.payer.papers import Paper
from yihu.fronts.payer.questions import Question, raise_question
from yihu.kernel.authority import authority
from yihu.kernel.doors import open_record
from yihu.kernel.errors import Refused
from yihu.kernel.personal_forms import PersonalFormField
from yihu.kernel.personal_kinds import KINDS
from yihu.kernel.policy import policy

Relation = Contact.Relation
WHOLE = "all"
WHO = ((Relation.OWNER, "业主"), (Relation.LESSEE, "租户"), (Relation.FAMILY, "家属"), (Relation.AGENT, "代办"))


class InvoiceForm(forms.Form):
    """On whose name, and where it is sent to. For what and how much, the books say."""

    receipt = forms.ChoiceField(label="哪张收据", widget=forms.RadioSelect)
    title = forms.CharField(label="发票抬头", max_length=100, help_text="个人写姓名，单位写全称")
    tax_no = forms.CharField(label="纳税人识别号", max_length=30, required=False, help_text="单位必填，18 位；个人不填")
    mail = forms.EmailField(label="收票邮箱", max_length=100, help_text="电子发票开好后发到这里")

    def __init__(self, *args: Any, papers: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one["receipt"].number, f"{one['receipt'].number}（可开 {one['to_invoice']} 元）") for one in papers]
        field: Any = self.fields["receipt"]
        field.choices, field.initial = choices, choices[0][0]
        if len(choices) == 1:
            field.widget = forms.HiddenInput()

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"], 100)


@csrf_exempt
@require_http_methods(["GET", "POST"])
@policy(public=True)  # a payer has no account here: the long token on his own paper is what lets him in
@of_bill
def invoice(request: HttpRequest, paper: Paper) -> HttpResponse:
    """The request goes to finance's list like one from the desk."""
    no_longer(paper)
    papers = [one for one in papers_of(paper) if one["may_ask"]]
    if not papers:
        raise Refused("这张通知单现在没有可以申请发票的收据：还没有付，或者已经申请过。")
    form, refusal = InvoiceForm(request.POST or None, papers=papers), ""
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        receipt = next(one["receipt"] for one in papers if one["receipt"].number == told["receipt"])
        data = {
            "receipt": receipt.pk, "invoice_kind": InvoiceRequest.Kind.NORMAL, "title": told["title"],
            "tax_no": told["tax_no"], "mail": told["mail"],
        }  # fmt: skip
        try:
            open_record(
                InvoiceRequest(community=paper.community), by=authority().system(), data=data,
                key=key_for(request, paper, "invoice"),
            )  # fmt: skip
        except Refused as refused:
            refusal = refused.sentence
        else:
            return redirect("payer:bill", token=paper.token)
    sums = papers[0]["to_invoice"] if len(papers) == 1 else ""
    return _form_page(request, paper, form, "申请发票", "提交申请", refusal, note=f"可开 {sums} 元" if sums else "")


def _place(paper: Paper, line: Any) -> str:
    return f"{line.charge.unit or ''} ".lstrip() if paper.several else ""


class QuestionForm(forms.Form):
    """About which line, why, in his own words."""

    about = forms.ChoiceField(label="哪一笔", widget=forms.RadioSelect)
    reason = forms.ChoiceField(label="为什么", choices=Objection.Reason.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label="请说明",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="500 字以内，请不要写身份证号、银行卡号",
    )
    relation = forms.ChoiceField(label="您是", choices=WHO, initial=Relation.OWNER, widget=forms.RadioSelect)
    name = forms.CharField(label="怎么称呼您", max_length=40, required=False)
    phone = PersonalFormField(kind=KINDS["phone"], label="电话", required=False, help_text="方便前台答复您，可以不填")

    def __init__(self, *args: Any, paper: Paper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {str(line.charge_id): line for line in paper.lines}
        told = [
            (
                pk,
                f"{_place(paper, line)}{line.charge.from_on:%-m 月}{line.charge.title} {yuan(line.amount + line.used)} 元",
            )
            for pk, line in self.lines.items()
        ]
        field: Any = self.fields["about"]
        field.choices, field.initial = [(WHOLE, "整张单"), *told], WHOLE

    def clean_words(self) -> str:
        return clean(self.cleaned_data["words"], 500)

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"], 40)


@csrf_exempt
@require_http_methods(["GET", "POST"])
@policy(public=True)  # as above
@of_bill
def question(request: HttpRequest, paper: Paper) -> HttpResponse:
    """It becomes an entry of the desk; how far it is stands on the bill's page."""
    no_longer(paper)
    form, refusal = QuestionForm(request.POST or None, paper=paper), ""
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        typed = Question(
            reason=told["reason"], words=told["words"], line=form.lines.get(told["about"]), relation=told["relation"],
            name=told["name"], phone=told["phone"],
        )  # fmt: skip
        try:
            raise_question(paper, typed, key=key_for(request, paper, "question"))
        except Refused as refused:
            refusal = refused.sentence
        else:
            return redirect("payer:bill", token=paper.token)
    return _form_page(request, paper, form, "对费用有疑问", "交给前台", refusal)


def _form_page(
    request: HttpRequest, paper: Paper, form: Any, title: str, submit: str, refusal: str, note: str = ""
) -> HttpResponse:
    context = {
        **frame(paper), "title": title, "form": form, "submit": submit, "refusal": refusal, "note": note,
        "key": request.POST.get("key", "")[:40] or uuid.uuid4().hex,
    }  # fmt: skip
    return render(request, "payer/form.html", context, status=422 if request.method == "POST" else 200)
