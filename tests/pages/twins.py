"""Two companies with as many items of the same names, but for one word of one item in the middle: their files are of
one length, and what tells them apart is far from both ends."""

from answers import Snapshot
from tests.analytics.firm import COMPANIES, DAY, Row, firm
from tests.answers.served import served

MANY = 5_200
NAMES = {"c1": "ours", "c2": "hers"}


def twins() -> Snapshot:
    """Both companies, served."""
    sites: list[Row] = [
        {"site_id": company, "name": "Hall", "kind": "warehouse", "main_site_id": company, "company_id": company}
        for company in NAMES
    ]
    products: list[Row] = [_item(number, company) for number in range(MANY) for company in NAMES]
    levels: list[Row] = [
        {name: item[name] for name in ("product_id", "company_id")}
        | {"site_id": item["company_id"], "as_of_on": DAY, "on_hand": 1}
        for item in products
    ]
    return served(firm(companies=COMPANIES, sites=sites, products=products, inventory_levels=levels))


def _item(number: int, company: str) -> Row:
    name = "Part " * 40 + (NAMES[company] if number == MANY // 2 else "both")
    key = {"product_id": f"{company}/{number:04}", "sku": f"{number:04}", "company_id": company}
    return key | {"name": name, "kind": "storable"}


def is_own(content: bytes, company: str) -> bool:
    """Whether a file is that of the company: it has the word of its own, and not the other's."""
    return [word for word in NAMES.values() if word.encode() in content] == [NAMES[company]]
