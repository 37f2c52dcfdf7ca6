"""What the forms of the keys share: a tag that is typed or scanned, lines of new keys."""

from __future__ import annotations

from typing import Any

from django import forms

from yihu.areas.keys import ledger
from yihu.areas.keys.models import Hook, KeySet, folded_tag
from yihu.kernel.forms import StepForm


class HookChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the hooks on which nothing hangs."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Hook.objects.none(), empty_label="不挂钩", **options)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.cabinet} {obj.label}"


class TagForm(StepForm):
    """A form about one key, named by its tag as it is typed or scanned."""

    tag = forms.CharField(label="标签号", max_length=20, help_text="扫标签，或照标签打字")

    def found_key(self) -> KeySet | None:
        """The key that the page was opened for, or whose tag has been typed."""
        typed = self.data.get(self.add_prefix("tag")) if self.is_bound else self.initial.get("tag")
        return ledger.key_by_tag(self.record.community_id, str(typed or ""))

    def clean_tag(self) -> str:
        key = ledger.key_by_tag(self.record.community_id, self.cleaned_data["tag"])
        if key is None:
            raise forms.ValidationError("台账里没有这个标签号，请核对标签上的字。")
        self.record.key = key
        self.record.unit_id = key.unit_id
        return key.tag


class KeyLinesForm(StepForm):
    """Lines of keys that come on the ledger; each with a lock, a tag without room number, a number and a hook."""

    LINES = 4

    def add_lines(self, count: int) -> None:
        here = self.record.community_id
        free = ledger.free_hooks(here, KeySet.Kind.ENTRUSTED)
        hooks, tags = list(free), ledger.next_tags(here, count)
        for at in range(1, count + 1):
            first = at == 1
            fields: dict[str, forms.Field] = {
                "place": forms.CharField(
                    label="哪把锁", max_length=60, required=first, initial="入户门" if first else ""
                ),
                "tag": forms.CharField(label="标签号", max_length=12, required=False, initial=tags[at - 1]),
                "qty": forms.IntegerField(label="数量（把）", min_value=1, max_value=99, required=False, initial=1),
                "hook": HookChoice(label="挂钩", required=False),
            }
            fields["hook"].queryset = free.all()  # type: ignore[attr-defined]
            fields["hook"].initial = hooks[at - 1].pk if len(hooks) >= at else None
            for name, field in fields.items():
                field.starred, field.when = first and name != "hook", ""  # type: ignore[attr-defined]
                self.fields[f"{name}_{at}"] = field

    def line_sections(self, count: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
        words = ("钥匙", "第二把", "第三把", "第四把")
        return tuple(
            (words[at - 1], tuple(f"{name}_{at}" for name in ("place", "tag", "qty", "hook"))) for at in range(1, count + 1)
        )  # fmt: skip

    def clean_lines(self, cleaned: dict[str, Any], unit: Any, count: int) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = []
        for at in range(1, count + 1):
            if not cleaned.get(f"place_{at}"):
                continue
            tag, hook = folded_tag(cleaned.get(f"tag_{at}") or ""), cleaned.get(f"hook_{at}")
            sentence = ledger.tag_faults(tag, unit, self.record.community_id)
            if not sentence and tag in {line["tag"] for line in lines}:
                sentence = "两把钥匙不能用同一个标签号。"
            if sentence:
                self.add_error(f"tag_{at}", sentence)
            if hook and hook in [line["hook"] for line in lines]:
                self.add_error(f"hook_{at}", "一个挂钩只挂一把，请换一个。")
            lines.append(
                {"place": cleaned[f"place_{at}"], "tag": tag, "qty": cleaned.get(f"qty_{at}") or 1, "hook": hook}
            )
        return lines


def last4(typed: str) -> str:
    """The last four of a document, as they are compared."""
    plain = "".join(typed.upper().split())
    if len(plain) != 4 or not plain.isalnum() or not plain.isascii():
        raise forms.ValidationError("请填证件号码的最后四位。")
    return plain
