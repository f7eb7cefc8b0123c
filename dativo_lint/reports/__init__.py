"""The forms of a report; each is one function from a report to a text."""
