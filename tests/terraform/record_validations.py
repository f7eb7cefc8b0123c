"""Asks `terraform plan` what it has against the values of variables, and records its answers.

    python tests/terraform/record_validations.py

writes `data/validations.json`. Each value is planned alone, for one error hides others.
"""

from __future__ import annotations

from expression_corpus import DATA
from record_modules import version_at_hand
from terraform_oracle import ask_verdict, write_record
from validation_corpus import cases

RECORD = DATA / "validations.json"

if __name__ == "__main__":
    answers = [[*case, ask_verdict(*case)] for case in cases()]
    write_record(RECORD, version_at_hand(), answers)
