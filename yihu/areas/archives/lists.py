"""The lists that the archivist keeps: what a file must hold, and the cabinets with their keepers."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.archives.models import Cabinet
from yihu.ground.estate.models import Building
from yihu.ground.papers.models import DocType, Paper
from yihu.kernel.authority import authority
from yihu.kernel.plain_pages import PlainRegister, RowForm

SEE, KEEP = "papers.see", "archives.keep"
OFF_HELP = "不再用的取消勾选，不要改成别的东西"
K, S, O = Paper.Kind, DocType.Stage, DocType.Of  # noqa: E741

# The usual contents of a household's file (ARC-02); a company edits them. Name, kind, stage, house, required.
USUAL = (
    ("业主身份证复印件", K.IDENTITY, S.SOLD, O.HOME, True),
    ("业主家庭情况登记表", K.FAMILY, S.HANDED_OVER, O.HOME, True),
    ("营业执照复印件", K.IDENTITY, S.SOLD, O.OFFICE, True),
    ("商户营业执照复印件", K.IDENTITY, S.SOLD, O.SHOP, True),
    ("单位情况登记表", K.FAMILY, S.HANDED_OVER, O.OFFICE, True),
    ("前期物业服务协议", K.CONTRACT, S.SOLD, O.ALL, True),
    ("业主临时公约承诺书", K.COMMITMENT, S.HANDED_OVER, O.ALL, True),
    ("收楼确认书", K.HANDOVER, S.HANDED_OVER, O.ALL, True),
    ("房屋验收交接表", K.HANDOVER, S.HANDED_OVER, O.ALL, True),
    ("委托办理授权书", K.AUTHORITY, S.HANDED_OVER, O.ALL, False),
    ("装修申请表", K.RENOVATION, S.RENOVATION, O.ALL, True),
    ("装修管理协议", K.RENOVATION, S.RENOVATION, O.ALL, True),
    ("装修承诺书", K.COMMITMENT, S.RENOVATION, O.ALL, True),
    ("装修验收表", K.RENOVATION, S.MOVED_IN, O.ALL, True),
    ("房屋租赁合同复印件", K.CONTRACT, S.LET, O.ALL, True),
    ("租户身份证明复印件", K.IDENTITY, S.LET, O.ALL, True),
    ("钥匙保管委托书", K.KEY_MANDATE, S.HANDED_OVER, O.ALL, False),
    ("投诉意见处理表", K.OTHER, S.HANDED_OVER, O.ALL, False),
)


class DocTypeForm(RowForm):
    class Meta:
        model = DocType
        fields = ["name", "kind", "stage", "unit_kind", "required", "since_on", "position", "shown"]
        widgets = dict.fromkeys(("stage", "unit_kind"), forms.RadioSelect)
        help_texts = {
            "required": "不勾选：有就归档，没有也不算缺",
            "since_on": "不知道房屋到哪一天该有时，从这一天起算缺",
            "position": "小的排在前面",
            "shown": OFF_HELP,
        }


class CabinetForm(RowForm):
    class Meta:
        model = Cabinet
        fields = ["name", "room", "keeper", "building", "entrance", "position", "shown"]
        help_texts = {
            "keeper": "钥匙在谁手里",
            "building": "不选：没有专柜的都放这里",
            "entrance": "一栋分几个柜时写，例如 1；不分就不写",
            "position": "小的排在前面",
            "shown": OFF_HELP,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = self.instance.community
        self.fields["keeper"].queryset = authority().people_with(here.pk, "papers.file")
        self.fields["building"].queryset = Building.objects.filter(community=here).order_by("code")
        self.fields["building"].empty_label = "其余各栋"

    def clean_keeper(self) -> Any:
        keeper = self.cleaned_data["keeper"]
        if keeper is None:
            raise forms.ValidationError("请选保管人。")
        return keeper


DOC_TYPES = PlainRegister(
    model=DocType, name="doc-types", title="档案目录项目", form=DocTypeForm, read=SEE, edit=KEEP, namespace="archives",
    heads=("资料名称", "类别", "从什么时候起要有", "哪种房屋", "必备"), word="一项",
    cells=lambda row: (row.get_kind_display(), row.get_stage_display(), row.get_unit_kind_display(), "必备" if row.required else "有则归档"),
    help="每一户的档案按这里对照：房屋到了哪一步、该有哪些资料。少的就列进缺档案的名单。",
    empty="还没有目录。可以先用通常的目录，再按本公司的改。",
    starters=tuple(
        {"name": name, "kind": kind, "stage": stage, "unit_kind": house, "required": required} for name, kind, stage, house, required in USUAL
    ),
)  # fmt: skip

CABINETS = PlainRegister(
    model=Cabinet, name="cabinets", title="档案柜", form=CabinetForm, read=SEE, edit=KEEP, namespace="archives",
    heads=("柜名", "房间", "保管人", "放哪里的户档"), word="一个柜",
    cells=lambda row: (row.room, str(row.keeper), f"{row.building or '其余各栋'}{f' {row.entrance} 单元' if row.entrance else ''}"),
    help="每个柜有名字、上锁、有一位保管人；户档放在哪个柜，由楼栋和单元定。", empty="还没有档案柜。每个柜写一行，写明保管人。",
)  # fmt: skip

REGISTERS = (DOC_TYPES, CABINETS)
