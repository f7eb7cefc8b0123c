"""The company that the monorepo belongs to: its tenants, its data and the people behind it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

ENVIRONMENTS = ("dev", "staging", "production")
SOURCES = ("stripe", "hubspot", "postgres", "mysql", "google_drive_csv", "google_sheets", "csv")
OBJECTS = (
    "customers", "orders", "invoices", "payments", "refunds", "contacts", "deals", "tickets",
    "sessions", "shipments", "suppliers", "products", "prices", "subscriptions", "campaigns",
    "leads", "employees", "accounts", "ledgers", "devices",
)  # fmt: skip
COLUMNS = (
    "status", "amount", "currency", "country", "channel", "quantity", "discount", "score", "stage",
    "region", "segment", "plan", "category", "reference", "source_system", "batch", "revision",
)  # fmt: skip
PERSONAL = ("email", "phone", "first_name", "last_name", "ip_address")
WORDS = ("revenue", "growth", "billing", "logistics", "support", "people", "risk", "insight")
_TENANTS = ("acme", "globex", "initech", "umbra", "hooli", "vandelay", "wonka", "stark")
_DOMAINS = ("payments", "sales", "marketing", "logistics", "people", "support", "finance", "risk")
_AWS_REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1")
_GCP_REGIONS = ("us-central1", "europe-west1", "europe-west4", "asia-east1")


@dataclass(frozen=True)
class Tenant:
    """A customer or a division, with accounts of its own in both clouds."""

    name: str
    account: str
    aws_region: str
    gcp_project: str
    gcp_region: str


@dataclass(frozen=True)
class Asset:
    """An asset definition; `personal` are the columns classified as PII, None stands for unsaid."""

    name: str
    path: str
    source: str
    domain: str
    wrapped: bool
    columns: tuple[str, ...]
    personal: tuple[str, ...]
    words: tuple[str, ...]
    cost_center: str
    project: str
    regulations: tuple[str, ...]
    classification: str | None
    retention_days: int | None
    owner: str
    version: str | None = "1.0"


def tenants(jobs: int, rng: Random) -> list[Tenant]:
    """Eight tenants, and one more for each 500 jobs, up to a hundred."""
    return [_tenant(number, rng) for number in range(min(100, len(_TENANTS) + jobs // 500))]


def _tenant(number: int, rng: Random) -> Tenant:
    name = _TENANTS[number % len(_TENANTS)]
    if number >= len(_TENANTS):
        name = f"{name}-{number // len(_TENANTS)}"
    return Tenant(
        name=name,
        account=str(rng.randrange(110_000_000_000, 999_999_999_999)),
        aws_region=rng.choice(_AWS_REGIONS),
        gcp_project=f"{name}-data-{number}",
        gcp_region=rng.choice(_GCP_REGIONS),
    )


def asset(number: int, rng: Random) -> Asset:
    """The asset of ten jobs."""
    name = f"{OBJECTS[number % len(OBJECTS)]}_{number:05d}"
    source = rng.choice(SOURCES)
    domain = rng.choice(_DOMAINS)
    personal = tuple(rng.sample(PERSONAL, rng.randint(0, 3)))
    return Asset(
        name=name,
        path=f"assets/{domain}/v1.0/{name}.yaml",
        source=source,
        domain=domain,
        wrapped=number % 3 == 1,
        columns=tuple(rng.sample(COLUMNS, rng.randint(6, 14))),
        personal=personal,
        words=tuple(rng.sample(WORDS, rng.randint(1, 2))),
        cost_center=f"FIN-{rng.randint(100, 999)}",
        project=f"{domain}-{source.replace('_', '-')}",
        regulations=("GDPR",) if personal else (),
        classification="PII" if personal else "INTERNAL",
        retention_days=rng.choice((90, 365, 730, 2555)),
        owner=f"{domain}-data@example.com",
    )
