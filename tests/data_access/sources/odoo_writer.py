"""A miniature Odoo 18 on PostgreSQL: the columns that our mappings read, typed as in Odoo, and rows by nickname."""

from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from tests.servers import driverless

VERSION = "18.0.1.3"
LOADED = "2026-11-02 08:00:00"

SCHEMA = {
    "account_account": (
        "id int, account_type varchar, name jsonb, code_store jsonb, deprecated bool, write_date timestamp"
    ),
    "account_account_res_company_rel": "account_account_id int, res_company_id int",
    "account_analytic_line": (
        "id int, product_uom_id int, company_id int, name varchar, date date, write_date timestamp, "
        "unit_amount double precision, project_id int, employee_id int, so_line int"
    ),
    "account_move": (
        "id int, company_id int, partner_id int, currency_id int, name varchar, state varchar, "
        "move_type varchar, payment_state varchar, invoice_date date, invoice_date_due date, "
        "amount_untaxed numeric, amount_tax numeric, amount_total numeric, amount_residual numeric, "
        "write_date timestamp"
    ),
    "account_move__account_payment": "invoice_id int, payment_id int",
    "account_move_line": (
        "id int, move_id int, company_id int, company_currency_id int, account_id int, currency_id int, "
        "partner_id int, product_id int, product_uom_id int, move_name varchar, parent_state varchar, "
        "name varchar, display_type varchar, date date, debit numeric, credit numeric, "
        "amount_currency numeric, quantity numeric, price_unit numeric, price_subtotal numeric, "
        "write_date timestamp, purchase_line_id int, cogs_origin_id int"
    ),
    "account_payment": (
        "id int, company_id int, currency_id int, partner_id int, state varchar, payment_type varchar, "
        "partner_type varchar, date date, amount numeric, write_date timestamp"
    ),
    "crm_lead": (
        "id int, campaign_id int, source_id int, user_id int, team_id int, company_id int, stage_id int, "
        "partner_id int, country_id int, lost_reason_id int, email_normalized varchar, name varchar, "
        "type varchar, contact_name varchar, partner_name varchar, email_from varchar, phone varchar, "
        "mobile varchar, date_deadline date, expected_revenue numeric, active bool, date_closed timestamp, "
        "create_date timestamp, write_date timestamp, probability double precision"
    ),
    "crm_lost_reason": "id int, name jsonb",
    "crm_stage": "id int, sequence int, name jsonb, is_won bool, write_date timestamp",
    "crm_team": "id int, name jsonb",
    "delivery_carrier": (
        "id int, company_id int, name jsonb, delivery_type varchar, active bool, write_date timestamp"
    ),
    "hr_attendance": (
        "id int, employee_id int, check_in timestamp, check_out timestamp, write_date timestamp, "
        "worked_hours double precision"
    ),
    "hr_department": "id int, company_id int, parent_id int, name jsonb, active bool, write_date timestamp",
    "hr_employee": (
        "id int, company_id int, department_id int, job_id int, work_contact_id int, user_id int, "
        "parent_id int, name varchar, job_title varchar, work_email varchar, active bool, "
        "write_date timestamp, hourly_cost numeric"
    ),
    "hr_job": "id int, name jsonb",
    "hr_leave": (
        "id int, employee_id int, holiday_status_id int, state varchar, date_from timestamp, "
        "date_to timestamp, request_date_from date, request_date_to date, number_of_days double precision, "
        "write_date timestamp"
    ),
    "hr_leave_type": "id int, name jsonb",
    "ir_default": "field_id int, json_value varchar",
    "ir_model_data": "res_id int, name varchar, module varchar, model varchar",
    "ir_model_fields": "id int, name varchar, model varchar",
    "ir_module_module": "name varchar, state varchar, latest_version varchar",
    "mail_blacklist": "id int, email varchar, active bool, write_date timestamp",
    "mail_message": (
        "id int, res_id int, record_company_id int, subtype_id int, author_id int, subject varchar, "
        "model varchar, message_type varchar, body text, is_internal bool, date timestamp, "
        "write_date timestamp"
    ),
    "mail_message_subtype": "id int, internal bool",
    "mail_tracking_value": (
        "id int, field_id int, mail_message_id int, old_value_char varchar, new_value_char varchar, "
        "write_date timestamp"
    ),
    "mailing_mailing": "id int, campaign_id int, mailing_type varchar, sent_date timestamp",
    "mailing_trace": (
        "id int, res_id int, mass_mailing_id int, campaign_id int, email varchar, model varchar, "
        "trace_status varchar, sent_datetime timestamp, open_datetime timestamp, reply_datetime timestamp, "
        "links_click_datetime timestamp, create_date timestamp, write_date timestamp"
    ),
    "mrp_bom": (
        "id int, product_tmpl_id int, product_id int, product_uom_id int, company_id int, produce_delay int, "
        "code varchar, type varchar, product_qty numeric, active bool, write_date timestamp"
    ),
    "mrp_bom_line": (
        "id int, product_id int, product_uom_id int, bom_id int, operation_id int, product_qty numeric, "
        "write_date timestamp"
    ),
    "mrp_production": (
        "id int, product_id int, product_uom_id int, location_dest_id int, bom_id int, company_id int, "
        "name varchar, origin varchar, state varchar, product_qty numeric, qty_producing numeric, "
        "date_deadline timestamp, date_start timestamp, date_finished timestamp, write_date timestamp, "
        "sale_line_id int"
    ),
    "mrp_routing_workcenter": (
        "id int, workcenter_id int, sequence int, bom_id int, name varchar, active bool, "
        "write_date timestamp, time_cycle_manual double precision"
    ),
    "mrp_workcenter": (
        "id int, company_id int, resource_calendar_id int, name varchar, code varchar, active bool, "
        "write_date timestamp, time_efficiency double precision, default_capacity double precision, "
        "costs_hour double precision, time_start double precision"
    ),
    "mrp_workorder": (
        "id int, sequence int, workcenter_id int, product_uom_id int, production_id int, operation_id int, "
        "name varchar, state varchar, qty_produced numeric, duration_expected numeric, date_start timestamp, "
        "date_finished timestamp, write_date timestamp, duration double precision"
    ),
    "product_category": (
        "id int, parent_id int, name varchar, complete_name varchar, write_date timestamp, "
        "property_stock_valuation_account_id jsonb"
    ),
    "product_product": (
        "id int, product_tmpl_id int, default_code varchar, barcode varchar, standard_price jsonb, "
        "volume numeric, weight numeric, active bool, write_date timestamp, create_date timestamp"
    ),
    "product_supplierinfo": (
        "id int, partner_id int, sequence int, company_id int, currency_id int, product_id int, "
        "product_tmpl_id int, delay int, product_code varchar, date_start date, date_end date, "
        "min_qty numeric, price numeric, write_date timestamp"
    ),
    "product_template": (
        "id int, categ_id int, uom_id int, company_id int, type varchar, name jsonb, list_price numeric, "
        "sale_ok bool, purchase_ok bool, active bool, write_date timestamp, is_storable bool"
    ),
    "project_project": "id int, name jsonb",
    "project_task": (
        "id int, partner_id int, company_id int, name varchar, priority varchar, state varchar, "
        "description text, create_date timestamp, write_date timestamp, date_end timestamp, "
        "sale_order_id int"
    ),
    "project_task_type": "id int, fold bool",
    "project_task_user_rel": "task_id int, user_id int",
    "purchase_order": (
        "id int, partner_id int, currency_id int, user_id int, company_id int, name varchar, "
        "partner_ref varchar, state varchar, amount_untaxed numeric, date_order timestamp, "
        "date_approve timestamp, date_planned timestamp, create_date timestamp, write_date timestamp, "
        "picking_type_id int"
    ),
    "purchase_order_line": (
        "id int, sequence int, product_uom int, product_id int, order_id int, company_id int, "
        "currency_id int, display_type varchar, name text, product_qty numeric, discount numeric, "
        "price_unit numeric, price_subtotal numeric, qty_invoiced numeric, qty_received numeric, "
        "is_downpayment bool, date_planned timestamp, write_date timestamp"
    ),
    "rating_rating": (
        "id int, res_id int, partner_id int, res_model varchar, feedback text, consumed bool, "
        "write_date timestamp, rating double precision"
    ),
    "res_company": (
        "id int, name varchar, partner_id int, currency_id int, parent_id int, active bool, write_date timestamp"
    ),
    "res_country": "id int, code varchar",
    "res_currency": "id int, name varchar, decimal_places int, full_name varchar, active bool, write_date timestamp",
    "res_currency_rate": "id int, currency_id int, company_id int, name date, rate numeric, write_date timestamp",
    "res_partner": (
        "id int, company_id int, create_date timestamp, name varchar, parent_id int, user_id int, "
        "country_id int, industry_id int, commercial_partner_id int, complete_name varchar, ref varchar, "
        "tz varchar, vat varchar, function varchar, type varchar, city varchar, email varchar, "
        "phone varchar, mobile varchar, active bool, is_company bool, partner_share bool, "
        "write_date timestamp, email_normalized varchar, supplier_rank int, customer_rank int, "
        "property_purchase_currency_id jsonb"
    ),
    "res_partner_industry": "id int, name jsonb",
    "resource_calendar": (
        "id int, company_id int, name varchar, tz varchar, hours_per_day numeric, active bool, write_date timestamp"
    ),
    "resource_calendar_attendance": (
        "id int, calendar_id int, resource_id int, dayofweek varchar, day_period varchar, week_type varchar, "
        "display_type varchar, date_from date, date_to date, write_date timestamp, "
        "hour_from double precision, hour_to double precision"
    ),
    "resource_calendar_leaves": (
        "id int, company_id int, calendar_id int, resource_id int, name varchar, time_type varchar, "
        "date_from timestamp, date_to timestamp, write_date timestamp"
    ),
    "sale_order": (
        "id int, campaign_id int, company_id int, partner_id int, currency_id int, user_id int, "
        "name varchar, state varchar, client_order_ref varchar, currency_rate numeric, "
        "amount_untaxed numeric, amount_tax numeric, amount_total numeric, commitment_date timestamp, "
        "date_order timestamp, write_date timestamp, opportunity_id int, warehouse_id int"
    ),
    "sale_order_line": (
        "id int, order_id int, sequence int, company_id int, currency_id int, product_id int, "
        "product_uom int, display_type varchar, name text, product_uom_qty numeric, price_unit numeric, "
        "discount numeric, price_subtotal numeric, qty_delivered numeric, qty_invoiced numeric, "
        "is_downpayment bool, write_date timestamp"
    ),
    "sale_order_line_invoice_rel": "invoice_line_id int, order_line_id int",
    "stock_location": (
        "id int, location_id int, company_id int, name varchar, complete_name varchar, usage varchar, "
        "parent_path varchar, active bool, scrap_location bool, write_date timestamp"
    ),
    "stock_move": (
        "id int, company_id int, product_id int, product_uom int, location_id int, location_dest_id int, "
        "partner_id int, picking_id int, picking_type_id int, name varchar, state varchar, "
        "reference varchar, product_qty numeric, product_uom_qty numeric, quantity numeric, scrapped bool, "
        "date timestamp, write_date timestamp, production_id int, raw_material_production_id int, "
        "purchase_line_id int, sale_line_id int"
    ),
    "stock_move_line": (
        "id int, move_id int, location_id int, location_dest_id int, quantity numeric, quantity_product_uom numeric"
    ),
    "stock_picking": (
        "id int, backorder_id int, location_id int, location_dest_id int, picking_type_id int, "
        "partner_id int, company_id int, name varchar, state varchar, scheduled_date timestamp, "
        "date_deadline timestamp, date_done timestamp, write_date timestamp, sale_id int, carrier_id int, "
        "carrier_tracking_ref varchar"
    ),
    "stock_picking_type": "id int, warehouse_id int, code varchar",
    "stock_quant": (
        "id int, product_id int, company_id int, location_id int, quantity numeric, "
        "reserved_quantity numeric, write_date timestamp"
    ),
    "stock_scrap": (
        "id int, company_id int, product_id int, product_uom_id int, location_id int, state varchar, "
        "scrap_qty numeric, date_done timestamp, write_date timestamp, production_id int"
    ),
    "stock_scrap_reason_tag": "id int, name jsonb",
    "stock_scrap_stock_scrap_reason_tag_rel": "stock_scrap_id int, stock_scrap_reason_tag_id int",
    "stock_warehouse": "id int, partner_id int, view_location_id int, name varchar, code varchar, active bool",
    "stock_warehouse_orderpoint": (
        "id int, location_id int, product_id int, company_id int, product_min_qty numeric, "
        "product_max_qty numeric, qty_multiple numeric, active bool, write_date timestamp"
    ),
    "uom_category": "id int, name jsonb",
    "uom_uom": "id int, category_id int, name jsonb, factor numeric, active bool, write_date timestamp",
    "utm_campaign": (
        "id int, stage_id int, name varchar, title jsonb, active bool, write_date timestamp, company_id int"
    ),
    "utm_source": "id int, name varchar",
    "utm_stage": "id int, name jsonb",
}


class Odoo:
    """An Odoo that a test writes row by row. ``ids``: from a row's nickname to its id; ``paths`` of locations."""

    def __init__(self, url: str, *, without: tuple[str, ...] = (), version: str | None = VERSION) -> None:
        self.url = url
        self.ids: dict[str, int] = {}
        self.paths: dict[str, str] = {}
        self._connection = psycopg.connect(driverless(url), autocommit=True)
        self._next: dict[str, int] = {}
        for table, columns in SCHEMA.items():
            if table not in without:
                self._execute(f"create table {table} ({columns})")
        if version is not None:
            self.add("ir_module_module", name="base", state="installed", latest_version=version)

    def _execute(self, statement: str) -> None:
        self._connection.execute(statement.encode())

    def add(self, table: str, nickname: str = "", /, **values: Any) -> int:
        """A new row, active and written when the miniature was made unless said otherwise; its id."""
        known = {column.split()[0] for column in SCHEMA[table].split(", ")}
        usual = {"active": True, "create_date": LOADED, "write_date": LOADED}
        self._next[table] = self._next.get(table, 0) + 1
        row = {name: value for name, value in usual.items() if name in known} | {"id": self._next[table]} | values
        row = {name: value for name, value in row.items() if name in known or name in values}
        query = sql.SQL("insert into {} ({}) values ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() * len(row)),
        )
        self._connection.execute(query, [Jsonb(value) if isinstance(value, dict) else value for value in row.values()])
        if nickname:
            self.ids[nickname] = self._next[table]
        return self._next[table]

    @staticmethod
    def tables() -> tuple[str, ...]:
        """Every table of the miniature."""
        return tuple(SCHEMA)

    def change(self, statement: str) -> None:
        """Any SQL on the miniature."""
        self._execute(statement)

    def __getitem__(self, nickname: str) -> int:
        return self.ids[nickname]

    def close(self) -> None:
        """Gives the connection back."""
        self._connection.close()
