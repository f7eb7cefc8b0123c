"""The vocabulary of the rulebook: each check is a module that a rule names."""
