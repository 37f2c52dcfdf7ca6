"""A personal value as the program passes it on: to print, compare and store, not to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from yihu.kernel.errors import Refused

if TYPE_CHECKING:
    from yihu.kernel.personal import PersonalField

UNREADABLE = "无法解读"


class Masked(str):
    """As text it *is* its mask: every way of printing, joining, slicing or encoding it gives ``138****8112``.

    Two are equal when their values are; equal to a plain text that is the value. ``reveal()`` is the only way out.
    """

    __slots__ = ("_clear", "_field", "_subject", "_token")
    _clear: str | None
    _field: PersonalField
    _subject: Any
    _token: str

    def __new__(cls, clear: str | None, field: PersonalField, token: str = "") -> Masked:
        new = super().__new__(cls, UNREADABLE if clear is None else field.mask(clear))
        new._clear, new._field, new._token, new._subject = clear, field, token, None
        return new

    def reveal(self, *, by: Any, reason: str = "", record: Any = None) -> str:
        """The value in the clear, once it is journaled that ``by`` saw it and why; an open ``record`` is a reason."""
        if self._clear is None:
            raise Refused("这项个人信息无法解读：密钥不在，或数据被改动过。请联系系统管理员。")
        if not self._clear:
            return ""
        self._field.journal(self._subject, by=by, reason=reason, record=record)
        return self._clear

    @property
    def readable(self) -> bool:
        return self._clear is not None

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Masked):
            return self._clear == other._clear if self._clear is not None else self._token == other._token
        return self._clear is not None and self._clear == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._clear if self._clear is not None else self._token)

    def __repr__(self) -> str:
        return f"<{self!s}>"

    def __copy__(self) -> Masked:
        return Masked(self._clear, self._field, self._token)

    def __deepcopy__(self, memo: Any) -> Masked:
        return self.__copy__()

    def __reduce_ex__(self, protocol: Any) -> tuple[Callable[..., Masked], tuple[str, str, str]]:
        return self._field.packed(self)
