"""The accounts of the books: one chart for both companies, each in its own language and currency."""

from dataclasses import dataclass

import polars as pl

from sample_data.catalogue import FINISHED, RAW, SEMI, SERVICE, TRADED
from sample_data.exact import table
from sample_data.places import COMPANIES, PARENT


@dataclass(frozen=True)
class Account:
    """One account of the chart; ``kind`` is one of the unified model's kinds."""

    code: str
    english: str
    chinese: str
    kind: str


MACHINES = Account("0400", "Plant and machinery", "机器设备", "asset")
RAW_STOCK = Account("1000", "Raw materials", "原材料", "inventory")
SEMI_STOCK = Account("1050", "Semi-finished goods", "半成品", "inventory")
IN_WORK = Account("1080", "Work in progress", "在产品", "asset")
FINISHED_STOCK = Account("1100", "Finished goods", "产成品", "inventory")
TRADED_STOCK = Account("1140", "Traded goods", "外购商品", "inventory")
RECEIVABLE = Account("1200", "Trade receivables", "应收账款", "receivable")
INPUT_TAX = Account("1400", "Input tax", "进项税额", "asset")
BANK = Account("1800", "Bank", "银行存款", "cash")
EQUITY = Account("2900", "Share capital and reserves", "实收资本及留存收益", "equity")
LOAN = Account("3150", "Bank loan", "银行借款", "liability")
PAYABLE = Account("3300", "Trade payables", "应付账款", "payable")
NOT_BILLED = Account("3310", "Goods received, not yet billed", "暂估应付款", "liability")
OUTPUT_TAX = Account("3800", "Output tax", "销项税额", "liability")
OWN_SALES = Account("4400", "Sales of own products", "自产产品销售收入", "income")
TRADED_SALES = Account("4410", "Sales of traded goods", "外购商品销售收入", "income")
SERVICE_SALES = Account("4420", "Sales of services", "服务收入", "income")
OWN_COST = Account("5400", "Cost of own products sold", "自产产品销售成本", "cost_of_sales")
TRADED_COST = Account("5410", "Cost of traded goods sold", "外购商品销售成本", "cost_of_sales")
SERVICE_COST = Account("5420", "Cost of services", "服务成本", "cost_of_sales")
PRICE_VARIANCE = Account("5880", "Purchase price variance", "采购价格差异", "expense")
STOCK_DIFFERENCES = Account("5890", "Stock differences", "盘点差异", "expense")
SCRAPPED = Account("5900", "Scrap", "报废损失", "expense")
REVALUED = Account("5910", "Revaluation of stock", "存货重估", "expense")
ROUNDED = Account("5990", "Rounding differences", "尾差", "expense")
WAGES = Account("6000", "Wages and salaries", "工资及福利", "expense")
MADE = Account("6080", "Work put into products", "转入产品的加工费", "expense")
SERVED = Account("6085", "Work put into services", "转入服务的人工费", "expense")
AGENCY = Account("6100", "Agency workers", "劳务派遣费", "expense")
DEPRECIATION = Account("6220", "Depreciation", "折旧", "expense")
RENT = Account("6310", "Rent", "租金", "expense")
ENERGY = Account("6320", "Energy", "能源费", "expense")
INSURANCE = Account("6400", "Insurance", "保险费", "expense")
REPAIRS = Account("6450", "Repairs and tools", "维修及工具费", "expense")
DEVELOPMENT = Account("6500", "Development", "研发费用", "expense")
MARKETING = Account("6600", "Marketing", "市场推广费", "expense")
FREIGHT = Account("6740", "Freight to customers", "运输费", "expense")
OFFICE = Account("6830", "Office and computers", "办公及信息费", "expense")
EXCHANGE = Account("6880", "Exchange differences", "汇兑损益", "expense")
INTEREST = Account("7310", "Interest", "利息支出", "expense")
INCOME_TAX = Account("7600", "Taxes on income", "所得税费用", "expense")

ACCOUNTS = (
    MACHINES, RAW_STOCK, SEMI_STOCK, IN_WORK, FINISHED_STOCK, TRADED_STOCK, RECEIVABLE, INPUT_TAX, BANK, EQUITY, LOAN,
    PAYABLE, NOT_BILLED, OUTPUT_TAX, OWN_SALES, TRADED_SALES, SERVICE_SALES, OWN_COST, TRADED_COST, SERVICE_COST,
    PRICE_VARIANCE, STOCK_DIFFERENCES, SCRAPPED, REVALUED, ROUNDED, WAGES, MADE, SERVED, AGENCY, DEPRECIATION, RENT,
    ENERGY, INSURANCE, REPAIRS, DEVELOPMENT, MARKETING, FREIGHT, OFFICE, EXCHANGE, INTEREST, INCOME_TAX,
)  # fmt: skip
STOCK_OF = {RAW: RAW_STOCK, SEMI: SEMI_STOCK, FINISHED: FINISHED_STOCK, TRADED: TRADED_STOCK}
SALES_OF = {
    RAW: TRADED_SALES, SEMI: OWN_SALES, FINISHED: OWN_SALES, TRADED: TRADED_SALES, SERVICE: SERVICE_SALES,
}  # fmt: skip
COST_OF = {RAW: TRADED_COST, SEMI: OWN_COST, FINISHED: OWN_COST, TRADED: TRADED_COST, SERVICE: SERVICE_COST}


def account_key(company: pl.Expr, code: pl.Expr) -> pl.Expr:
    """The key of a company's account: ``TQ-DE-1200``."""
    return company + "-" + code


def account_table() -> pl.DataFrame:
    """The chart of both companies."""
    rows = [(company, account) for company in COMPANIES for account in ACCOUNTS]
    return table(
        "ledger_accounts",
        company_id=[company for company, _ in rows],
        ledger_account_id=[f"{company}-{account.code}" for company, account in rows],
        code=[account.code for _, account in rows],
        name=[account.english if company == COMPANIES[PARENT] else account.chinese for company, account in rows],
        kind=[account.kind for _, account in rows],
        is_active=True,
    )
