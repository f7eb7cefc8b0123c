"""The version of this package."""

__version__ = "0.1.0"

HOME = "https://github.com/dativo-io/dativo-lint"
DOCUMENTATION = f"{HOME}/blob/main/docs"
