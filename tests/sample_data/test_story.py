"""What the story says was planted can be seen in the tables, and only there where it says."""

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl
import pytest

from sample_data import Fact, company, truth

LAST = date(2026, 6, 30)
SCALE = 0.3


@pytest.fixture(scope="module")
def told() -> Mapping[str, pl.DataFrame]:
    """A sample that is large enough for the story to stand out from chance."""
    return company(scale=SCALE)


@pytest.fixture(scope="module")
def facts() -> tuple[Fact, ...]:
    return truth(scale=SCALE)


def of(facts: tuple[Fact, ...], kind: str) -> tuple[Fact, ...]:
    found = tuple(fact for fact in facts if fact.kind == kind)
    assert found, kind
    return found


def days_late(told: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Per purchase line: days after the first agreed day, for what is missing counted until today."""
    orders = told["purchase_orders"].filter(pl.col("status").is_in(["confirmed", "done"]))
    lines = told["purchase_order_lines"].join(orders.select("purchase_order_id", "supplier_id"), on="purchase_order_id")
    due = lines.filter(pl.col("first_due_on") <= LAST)
    late = (pl.col("received_on").fill_null(LAST) - pl.col("first_due_on")).dt.total_days()
    return due.select("supplier_id", "first_due_on", late=late)


def test_the_slipping_supplier_gets_later_and_no_other_does(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]
) -> None:
    (fact,) = of(facts, "supplier_slips")
    since = fact.from_on
    late = days_late(told).with_columns(
        recent=pl.col("first_due_on") >= since, its=pl.col("supplier_id") == fact.supplier_id
    )
    rows = late.group_by("its", "recent").agg(pl.col("late").mean()).iter_rows()
    mean = {(its, recent): days for its, recent, days in rows}
    assert mean[True, True] - mean[True, False] > 5
    assert abs(mean[False, True] - mean[False, False]) < 2


def lines_a_day(told: Mapping[str, pl.DataFrame], country: str, first: date, last: date) -> pl.DataFrame:
    """Per product: order lines a day from customers of a country, first and last day included."""
    buyers = told["customers"].filter(pl.col("country") == country).select("customer_id")
    orders = told["sales_orders"].filter(pl.col("ordered_at").dt.date().is_between(first, last))
    lines = told["sales_order_lines"].join(
        orders.join(buyers, on="customer_id", how="semi"), on="sales_order_id", how="semi"
    )
    return lines.group_by("product_id").agg(rate=pl.len() / ((last - first).days + 1))


def test_one_product_surges_in_one_country(told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]) -> None:
    (fact,) = of(facts, "product_surges")
    since = fact.from_on
    assert fact.country is not None
    now = lines_a_day(told, fact.country, since, LAST)
    before = lines_a_day(told, fact.country, since - timedelta(days=200), since - timedelta(days=1))
    both = now.join(before, on="product_id", suffix="_before").with_columns(gain=pl.col("rate") - pl.col("rate_before"))
    assert both.sort("gain")["product_id"][-1] == fact.product_id
    surge = both.filter(pl.col("product_id") == fact.product_id)
    assert (surge["rate"] / surge["rate_before"]).item() > fact.size / 2


def at_hand(told: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Per product and main site: on hand less reserved today."""
    sites = told["sites"].select("site_id", "main_site_id")
    today = told["inventory_levels"].filter(pl.col("as_of_on") == LAST).join(sites, on="site_id", validate="m:1")
    return today.group_by("product_id", "main_site_id").agg(
        free=(pl.col("on_hand") - pl.col("reserved")).sum().cast(pl.Float64)
    )


def drawn_a_day(told: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Per product and main site: what left for customers, production and other sites on a day of the last half year."""
    sites = told["sites"].select("main_site_id", from_site_id="site_id")
    kinds = ["delivery", "consumption", "transfer"]
    gone = told["stock_moves"].filter((pl.col("status") == "done") & pl.col("kind").is_in(kinds))
    recent = gone.filter(pl.col("moved_at").dt.date() > LAST - timedelta(days=180)).join(sites, on="from_site_id")
    return recent.group_by("product_id", "main_site_id").agg(rate=pl.col("quantity").sum().cast(pl.Float64) / 180)


def test_what_runs_out_is_not_on_order_and_does_not_last_until_it_could_come(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]
) -> None:
    offers = (
        told["supplier_products"].filter(pl.col("priority") == 0).select("company_id", "product_id", "lead_time_days")
    )
    orders = told["purchase_orders"].filter(pl.col("status") == "confirmed").select("purchase_order_id", "site_id")
    awaited = told["purchase_order_lines"].join(orders, on="purchase_order_id")
    awaited = awaited.filter(pl.col("received_quantity") < pl.col("quantity"))
    for fact in of(facts, "product_runs_out"):
        here = (pl.col("product_id") == fact.product_id) & (pl.col("main_site_id") == fact.site_id)
        lead = offers.filter((pl.col("product_id") == fact.product_id) & (pl.col("company_id") == fact.company_id))
        assert awaited.filter(
            (pl.col("product_id") == fact.product_id) & (pl.col("site_id") == fact.site_id)
        ).is_empty()
        free = at_hand(told).filter(here)["free"].item()
        needed = float(drawn_a_day(told).filter(here)["rate"].sum()) * float(lead["lead_time_days"].item())
        assert free <= max(needed, 1.0)


def test_the_overstocked_site_covers_several_times_what_the_others_do(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]
) -> None:
    (fact,) = of(facts, "site_overstocked")
    cover = at_hand(told).join(drawn_a_day(told), on=["product_id", "main_site_id"], validate="1:1")
    cover = cover.group_by("main_site_id").agg(days=pl.col("free").sum() / pl.col("rate").sum())
    days = dict(cover.iter_rows())
    others = [days[site] for site in ("HAM", "CAN", "ULM", "AUG", "SUZ")]
    assert days[fact.site_id] > 2 * sum(others) / len(others)


def test_what_fades_sold_in_the_first_quarter_and_hardly_in_the_last(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]
) -> None:
    faded = [fact.product_id for fact in of(facts, "product_fades")]
    first = told["sales_orders"]["ordered_at"].dt.date().min()
    assert isinstance(first, date)
    spans = ((first, first + timedelta(days=90)), (LAST - timedelta(days=90), LAST))
    early, late = (
        sum(
            lines_a_day(told, country, *span).filter(pl.col("product_id").is_in(faded))["rate"].sum()
            for country in ("DE", "AT", "CN")
        )
        for span in spans
    )
    assert late < early / 2


def test_one_level_is_below_zero_today_because_somebody_booked_it(told: Mapping[str, pl.DataFrame]) -> None:
    below = told["inventory_levels"].filter((pl.col("as_of_on") == LAST) & (pl.col("on_hand") < 0))
    booked = told["stock_moves"].filter((pl.col("kind") == "adjustment") & (pl.col("moved_at").dt.date() == LAST))
    assert below.height == 1
    assert below.join(
        booked, left_on=["product_id", "site_id"], right_on=["product_id", "from_site_id"], how="anti"
    ).is_empty()


def span(fact: Fact) -> tuple[date, date]:
    """Its first day and its last, which is today where it lasts."""
    return fact.from_on, fact.until_on or LAST


def a_year_before(first: date, last: date) -> tuple[date, date]:
    """The same days of the week and of the season, 52 weeks before."""
    return first - timedelta(weeks=52), last - timedelta(weeks=52)


def ordered(told: Mapping[str, pl.DataFrame], first: date, last: date) -> pl.DataFrame:
    """Order lines of the days from first to last, with customer, country and segment."""
    customers = told["customers"].select("customer_id", "country", "segment")
    orders = told["sales_orders"].filter(pl.col("ordered_at").dt.date().is_between(first, last))
    orders = orders.select("sales_order_id", "customer_id", "ordered_at").join(customers, on="customer_id")
    return told["sales_order_lines"].join(orders, on="sales_order_id", validate="m:1")


def lines_of(told: Mapping[str, pl.DataFrame], products: tuple[str, ...], first: date, last: date) -> int:
    """How many lines were ordered of the products."""
    return ordered(told, first, last).filter(pl.col("product_id").is_in(products)).height


def complaints_a_day(told: Mapping[str, pl.DataFrame], fact: Fact, first: date, last: date) -> float:
    """Complaints about the fact's products, a day."""
    made = told["feedback"].filter((pl.col("kind") == "complaint") & pl.col("product_id").is_in(fact.product_ids))
    return made.filter(pl.col("given_at").dt.date().is_between(first, last)).height / ((last - first).days + 1)


def test_complaints_about_one_family_come_in_a_wave_that_ebbs(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]
) -> None:
    (fact,) = of(facts, "complaint_wave")
    first, last = span(fact)
    usual = complaints_a_day(told, fact, first - timedelta(days=365), first - timedelta(days=1))
    assert complaints_a_day(told, fact, first, last) > fact.size * usual
    assert complaints_a_day(told, fact, last + timedelta(days=1), LAST) < 2 * usual


def test_the_wave_reaches_tickets_talks_and_returns_and_names_the_defect(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]
) -> None:
    (fact,) = of(facts, "complaint_wave")
    seal = pl.lit("(?i)shaft seal|轴封")
    for name, column, when in (
        ("tickets", "body", "opened_at"),
        ("feedback", "text", "given_at"),
        ("returns", "reason", "returned_at"),
    ):
        named = told[name].filter(pl.col(column).str.contains(seal))
        assert named.height > 5, name
        assert set(named["product_id"]) <= set(fact.product_ids), name
        assert named.filter(~pl.col(when).dt.date().is_between(*span(fact))).height <= named.height / 10, name
    sent_back = told["returns"].filter(pl.col("reason").str.contains(seal))
    before = sent_back.select(
        "sales_order_id", "product_id", opened_on=pl.col("returned_at").dt.date().dt.offset_by("-1d")
    )
    written = told["tickets"].with_columns(opened_on=pl.col("opened_at").dt.date())
    written = written.join(before, on=["sales_order_id", "product_id", "opened_on"], how="semi")
    assert written.height > 5
    assert written["body"].str.contains(seal).all()
    talks = told["interactions"].filter(pl.col("body").str.contains(seal))
    assert {"mail", "phone", "chat", "social"} <= set(talks["channel"])
    assert set(talks["language"]) == {"en", "zh"}


def against_the_year_before(
    told: Mapping[str, pl.DataFrame], products: tuple[str, ...], fact: Fact, begins: date
) -> float:
    """Lines a day of the products in the fact's days, as a share of those in the year before it all began."""
    first, last = span(fact)
    usual = lines_of(told, products, begins - timedelta(days=365), begins - timedelta(days=1)) / 365
    return lines_of(told, products, first, last) / ((last - first).days + 1) / usual


def test_demand_for_the_family_falls_with_its_name_and_recovers_by_half(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]
) -> None:
    (falls,), (recovers,) = of(facts, "demand_falls"), of(facts, "demand_recovers")
    pumps = tuple(told["products"].filter(pl.col("category_id") == "CAT-finished-pumps")["product_id"])
    others = tuple(key for key in pumps if key not in falls.product_ids)
    fallen, recovered = (
        against_the_year_before(told, falls.product_ids, fact, falls.from_on)
        / against_the_year_before(told, others, fact, falls.from_on)
        for fact in (falls, recovers)
    )
    assert fallen == pytest.approx(1 - falls.size, abs=0.15)
    assert fallen < recovered < 1


def test_one_segment_of_one_country_leaves_and_the_others_stay(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]
) -> None:
    (fact,) = of(facts, "segment_leaves")
    its = pl.col("segment") == fact.segment
    now, before = (
        ordered(told, *days).filter(pl.col("country") == fact.country)
        for days in (span(fact), a_year_before(*span(fact)))
    )
    assert now.filter(its).height / before.filter(its).height == pytest.approx(fact.size, abs=0.1)
    assert now.filter(~its).height / before.filter(~its).height > 0.8


def paid(lines: pl.DataFrame) -> pl.DataFrame:
    """Per product, company and unit: the price of a line."""
    price = pl.col("unit_price").cast(pl.Float64).mean().alias("price")
    return lines.group_by("product_id", "company_id", "source_unit").agg(price)


def rise(before: pl.DataFrame, after: pl.DataFrame) -> pl.Series:
    """By what share the price of each product that is in both rose."""
    both = paid(before).join(paid(after), on=["product_id", "company_id", "source_unit"], suffix="_after")
    return both["price_after"] / both["price"] - 1


def test_the_list_is_raised_on_one_day_for_one_category(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]
) -> None:
    (fact,) = of(facts, "list_raised")
    until = min(date(fact.from_on.year, 12, 31), LAST)
    before = ordered(told, date(fact.from_on.year, 1, 1), fact.from_on - timedelta(days=1))
    after = ordered(told, fact.from_on, until)
    its = pl.col("product_id").is_in(fact.product_ids)
    assert rise(before.filter(its), after.filter(its)).to_numpy() == pytest.approx(fact.size, abs=0.01)
    assert rise(before.filter(~its), after.filter(~its)).to_numpy() == pytest.approx(0)
    assert set(told["products"].filter(its)["category_id"]) == {fact.category_id}


def test_a_supplier_asks_more_from_one_day_on_and_no_other_does(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]
) -> None:
    (fact,) = of(facts, "supplier_raises_price")
    orders = told["purchase_orders"].select("purchase_order_id", "supplier_id", "ordered_at")
    lines = told["purchase_order_lines"].join(orders, on="purchase_order_id", validate="m:1")
    lines = lines.filter(pl.col("ordered_at").dt.year() == fact.from_on.year)
    before, after = lines.filter(pl.col("ordered_at").dt.date() < fact.from_on), lines
    after = after.filter(pl.col("ordered_at").dt.date() >= fact.from_on)
    its = pl.col("supplier_id") == fact.supplier_id
    assert rise(before.filter(its), after.filter(its)).to_numpy() == pytest.approx(fact.size, abs=0.01)
    assert rise(before.filter(~its), after.filter(~its)).to_numpy() == pytest.approx(0)


def margin(told: Mapping[str, pl.DataFrame], products: set[str], first: date, last: date) -> float:
    """Gross margin of what the parent invoiced of the products, as a share of revenue."""
    days = told["invoices"].filter(pl.col("invoiced_on").is_between(first, last)).select("invoice_id")
    lines = told["invoice_lines"].join(days, on="invoice_id", how="semi")
    lines = lines.filter(pl.col("product_id").is_in(products) & (pl.col("company_id") == "TQ-DE"))
    revenue, cost = (float(lines[column].sum()) for column in ("amount_untaxed", "cost_amount"))
    return 1 - cost / revenue


def made_of(told: Mapping[str, pl.DataFrame], parts: set[str]) -> set[str]:
    """What has any of the parts in it, at any depth."""
    found: set[str] = set()
    while parts - found:
        found |= parts
        parts = set(told["bom_lines"].filter(pl.col("component_id").is_in(found))["product_id"])
    return found


def test_what_is_made_of_the_dearer_castings_earns_less(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]
) -> None:
    (fact,) = of(facts, "supplier_raises_price")
    affected = made_of(told, set(fact.product_ids))
    others = set(told["products"].filter(pl.col("category_id") == "CAT-finished-valves")["product_id"]) - affected
    new_year, eve = date(fact.from_on.year, 1, 1), fact.from_on - timedelta(days=1)
    lost, calm = (
        margin(told, products, new_year, eve) - margin(told, products, fact.from_on, LAST)
        for products in (affected, others)
    )
    assert lost > 0.012
    assert abs(calm) < lost / 2


def on_hand(told: Mapping[str, pl.DataFrame], fact: Fact, day: date) -> float:
    """What the fact's company has of its product on the evening of a day."""
    rows = told["inventory_levels"].filter(
        (pl.col("product_id") == fact.product_id)
        & (pl.col("company_id") == fact.company_id)
        & (pl.col("as_of_on") <= day)
    )
    last = rows.sort("as_of_on").group_by("site_id").agg(pl.col("on_hand").last())
    return float(last["on_hand"].sum())


def test_an_empty_shelf_has_nothing_from_its_first_day_to_its_last(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]
) -> None:
    for fact in of(facts, "shelf_empty"):
        first, last = span(fact)
        assert on_hand(told, fact, first - timedelta(days=1)) > 0
        assert {on_hand(told, fact, first + timedelta(days=at)) for at in range((last - first).days + 1)} == {0.0}
        assert max(on_hand(told, fact, last + timedelta(days=at)) for at in range(1, 8)) > 0


def test_empty_shelves_hide_most_of_the_demand(told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]) -> None:
    seen, hidden, usual = 0, 0, 0.0
    for fact in of(facts, "shelf_empty"):
        first, last = span(fact)
        product = (pl.col("product_id") == fact.product_id) & (pl.col("company_id") == fact.company_id)
        around = ordered(told, first - timedelta(days=91), last + timedelta(days=91)).filter(product)
        within = pl.col("ordered_at").dt.date().is_between(first, last)
        seen += around.filter(within).height
        hidden += fact.lines or 0
        usual += around.filter(~within).height / 182 * ((last - first).days + 1)
    assert seen < usual / 2
    assert usual / 2 < seen + hidden < usual * 2


def advertised_to(told: Mapping[str, pl.DataFrame], fact: Fact, *, weeks_before: int) -> int:
    """Lines of what the campaign advertised, of those it addressed who bought for two years, so long before."""
    members = told["campaign_members"].filter((pl.col("campaign_id") == fact.campaign_id) & ~pl.col("is_control"))
    loyal = told["customers"].filter(pl.col("created_on") < fact.from_on - timedelta(weeks=104))
    first, last = (day - timedelta(weeks=weeks_before) for day in span(fact))
    lines = ordered(told, first, last).filter(pl.col("product_id").is_in(fact.product_ids))
    return lines.join(members, on="customer_id", how="semi").join(loyal, on="customer_id", how="semi").height


@pytest.mark.parametrize("kind", ["campaign_works", "campaign_fails"])
def test_one_campaign_moves_those_it_addresses_and_another_does_not(
    told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...], kind: str
) -> None:
    (fact,) = of(facts, kind)
    usual = [advertised_to(told, fact, weeks_before=weeks) for weeks in (52, 104)]
    assert advertised_to(told, fact, weeks_before=0) / (sum(usual) / 2) == pytest.approx(fact.size, rel=0.3)


def test_both_campaigns_cost_about_as_much(told: Mapping[str, pl.DataFrame], facts: tuple[Fact, ...]) -> None:
    keys = [of(facts, kind)[0].campaign_id for kind in ("campaign_works", "campaign_fails")]
    costs = told["campaigns"].filter(pl.col("campaign_id").is_in(keys))["cost"].cast(pl.Float64)
    assert costs.max() == pytest.approx(costs.min(), rel=0.2)


def test_who_is_held_out_of_a_campaign_hears_nothing_of_it(told: Mapping[str, pl.DataFrame]) -> None:
    members = told["campaign_members"]
    held_out = members.filter("is_control")
    assert held_out.height / members.height == pytest.approx(0.15, abs=0.03)
    heard = told["campaign_responses"].join(held_out, on="campaign_member_id", how="semi")
    assert heard.is_empty()


def test_nobody_is_addressed_who_refused(told: Mapping[str, pl.DataFrame]) -> None:
    refused = told["consents"].filter(~pl.col("is_granted")).select("contact_id")
    assert told["campaign_members"].join(refused, on="contact_id", how="semi").is_empty()


def test_customers_speak_on_every_channel_in_both_languages(told: Mapping[str, pl.DataFrame]) -> None:
    spoken = told["interactions"].select("channel", "language").unique()
    assert set(spoken.iter_rows()) == {
        (channel, language) for channel in ("phone", "mail", "chat", "social", "visit") for language in ("en", "zh")
    }
