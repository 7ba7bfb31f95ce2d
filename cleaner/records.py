"""Named tuples as ``typing.NamedTuple`` makes them, without the module ``typing``, which takes longer to import than this package.

Type checkers are told of the original:

    if TYPE_CHECKING:
        from typing import NamedTuple
    else:
        from cleaner.records import NamedTuple
"""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_OWN = ("__module__", "__qualname__", "__annotations__", "__firstlineno__", "__static_attributes__")


class _Maker(type):
    def __new__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> Any:
        fields = members["__annotations__"]
        defaults = [members[field] for field in fields if field in members]
        made = namedtuple(name, fields, defaults=defaults, module=members["__module__"])  # type: ignore[misc]
        made.__annotations__ = fields
        for member, value in members.items():
            if member not in fields and member not in _OWN:
                setattr(made, member, value)
        return made


NamedTuple = type.__new__(_Maker, "NamedTuple", (), {})
