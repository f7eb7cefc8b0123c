"""Templates of the methods that records are made with, for so many fields as nearly all have.

Compiling them while a run starts would take 3 ms of it; here they are in the bytecode. A test holds
them to what `records` compiles for any other number of fields.
"""

from __future__ import annotations

from dativo_lint.typed import Any

# mypy: allow-untyped-defs
# ruff: noqa: ANN001, ANN202

make = tuple.__new__


def _fill_1(self, name_0):
    self.name_0 = name_0


def _fill_2(self, name_0, name_1):
    self.name_0 = name_0
    self.name_1 = name_1


def _fill_3(self, name_0, name_1, name_2):
    self.name_0 = name_0
    self.name_1 = name_1
    self.name_2 = name_2


def _fill_4(self, name_0, name_1, name_2, name_3):
    self.name_0 = name_0
    self.name_1 = name_1
    self.name_2 = name_2
    self.name_3 = name_3


def _fill_5(self, name_0, name_1, name_2, name_3, name_4):
    self.name_0 = name_0
    self.name_1 = name_1
    self.name_2 = name_2
    self.name_3 = name_3
    self.name_4 = name_4


def _fill_6(self, name_0, name_1, name_2, name_3, name_4, name_5):
    self.name_0 = name_0
    self.name_1 = name_1
    self.name_2 = name_2
    self.name_3 = name_3
    self.name_4 = name_4
    self.name_5 = name_5


def _fill_7(self, name_0, name_1, name_2, name_3, name_4, name_5, name_6):
    self.name_0 = name_0
    self.name_1 = name_1
    self.name_2 = name_2
    self.name_3 = name_3
    self.name_4 = name_4
    self.name_5 = name_5
    self.name_6 = name_6


def _fill_8(self, name_0, name_1, name_2, name_3, name_4, name_5, name_6, name_7):
    self.name_0 = name_0
    self.name_1 = name_1
    self.name_2 = name_2
    self.name_3 = name_3
    self.name_4 = name_4
    self.name_5 = name_5
    self.name_6 = name_6
    self.name_7 = name_7


def _fill_9(self, name_0, name_1, name_2, name_3, name_4, name_5, name_6, name_7, name_8):
    self.name_0 = name_0
    self.name_1 = name_1
    self.name_2 = name_2
    self.name_3 = name_3
    self.name_4 = name_4
    self.name_5 = name_5
    self.name_6 = name_6
    self.name_7 = name_7
    self.name_8 = name_8


def _new_1(_cls, name_0):
    return make(_cls, (name_0,))


def _new_2(_cls, name_0, name_1):
    return make(_cls, (name_0, name_1))


def _new_3(_cls, name_0, name_1, name_2):
    return make(_cls, (name_0, name_1, name_2))


def _new_4(_cls, name_0, name_1, name_2, name_3):
    return make(_cls, (name_0, name_1, name_2, name_3))


def _new_5(_cls, name_0, name_1, name_2, name_3, name_4):
    return make(_cls, (name_0, name_1, name_2, name_3, name_4))


def _new_6(_cls, name_0, name_1, name_2, name_3, name_4, name_5):
    return make(_cls, (name_0, name_1, name_2, name_3, name_4, name_5))


def _new_7(_cls, name_0, name_1, name_2, name_3, name_4, name_5, name_6):
    return make(_cls, (name_0, name_1, name_2, name_3, name_4, name_5, name_6))


FILLS: dict[int, Any] = {
    1: _fill_1,
    2: _fill_2,
    3: _fill_3,
    4: _fill_4,
    5: _fill_5,
    6: _fill_6,
    7: _fill_7,
    8: _fill_8,
    9: _fill_9,
}
"""Functions that set so many attributes to their arguments."""
NEWS: dict[int, Any] = {
    1: _new_1,
    2: _new_2,
    3: _new_3,
    4: _new_4,
    5: _new_5,
    6: _new_6,
    7: _new_7,
}
"""The `__new__` of tuples of so many fields."""
