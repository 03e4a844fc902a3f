"""Words of firms and their systems in several languages, and the plain English words that they stand for.

Bestelldatum, 下单日期 and order_dt are all ``order date``.
"""

from collections.abc import Mapping


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split(" "))


_SAME: Mapping[str, str] = {
    "id": "identifier ident uid uuid guid key pk kennung schlüssel schluessel 标识 主键 clave identifiant",
    "number": "no num nr nbr nummer numero número 编号 号码 单号 号 序号",
    "code": "cd kürzel kuerzel abbr abbreviation 代码 编码 código codigo",
    "name": "nm bezeichnung fullname 名称 名字 姓名 nombre nom nome 名",
    "date": "dt datum datetime timestamp ts time day on at zeitpunkt tag 日期 时间 fecha data_ zeit",
    "quantity": "qty menge anzahl quantities quant 数量 cantidad quantité pieces stückzahl stueckzahl count",
    "amount": "amt value betrag wert 金额 额 importe montant valor sum summe",
    "price": "preis 单价 价格 价 precio prix preço",
    "cost": "costs kosten 成本 coste costo coût standardcost",
    "total": "gesamt gross brutto 总 总计 合计 grand",
    "net": "netto untaxed subtotal 净 未税 subtotals",
    "tax": "vat mwst ust steuer 税 税额 impuesto taxes gst",
    "unit": "uom einheit mengeneinheit 单位 计量单位 units unidad measure ume",
    "customer": "cust customers client clients kunde kunden buyer debtor debitor 客户 顾客 买方 cliente patron",
    "supplier": "suppliers vendor vendors seller sellers lieferant lieferanten kreditor creditor 供应商 卖方 proveedor "
    "fournisseur",
    "product": "prod products article articles artikel material materials materialien 产品 商品 物料 品目 producto "
    "produit merchandise",
    "item": "items 项目 positions position_",
    "category": "categories kategorie warengruppe 类别 分类 品类 categoría catégorie cat",
    "order": "orders auftrag auftrags aufträge auftraege bestellungen bestell ord 订单 pedido commande ordr",
    "purchase": "po purchasing procurement bestellung einkauf einkaufs 采购 compra achat pur",
    "sales": "sale so verkauf verkaufs vertrieb 销售 venta vente sls",
    "line": "lines row zeile position pos detail details 行 明细 línea ligne",
    "work": "production manufacturing fertigung fertigungs produktion 生产 工 制造 mfg mo",
    "shipment": "shipments shipping ship lieferung versand 发货 发运 出货 envío dispatch despatch consignment",
    "shipped": "versendet verschickt dispatched sent 已发",
    "delivered": "delivery deliver deliveries liefer geliefert 交货 交付 送达 到货 entrega arrival arrived livraison",
    "received": "receipt receipts receive eingang wareneingang erhalten 收货 入库 recibido",
    "invoice": "invoices rechnung rechnungs faktura 发票 factura facture inv",
    "bill": "bills eingangsrechnung 账单",
    "payment": "payments zahlung zahlungs pay 付款 收款 支付 pago paiement",
    "return": "returns returned rückgabe ruecksendung retoure rma 退货 devolución",
    "warehouse": "warehouses lager lagerort wh 仓库 almacén entrepôt depot werk plant",
    "location": "locations loc standort ort_ lagerplatz 库位 地点 位置 bin shelf",
    "stock": "inventory inventories bestand bestands lagerbestand 库存 存货 inventario existencias",
    "employee": "employees emp staff mitarbeiter 员工 职员 雇员 empleado employé personnel worker",
    "salesperson": "salesman salespersons rep reps representative agent verkäufer verkaeufer 业务员 销售员 vendedor",
    "department": "departments dept abteilung 部门 departamento",
    "contact": "contacts ansprechpartner kontakt 联系人 contacto person",
    "account": "accounts konto 账户 科目 cuenta",
    "company": "companies firma firm unternehmen 公司 企业 organization organisation empresa société enterprise org",
    "carrier": "carriers shipper shippers spediteur spedition 承运人 物流公司 transportista forwarder",
    "lead": "leads 线索",
    "opportunity": "opportunities deal deals chance verkaufschance opp 商机 oportunidad pipeline",
    "campaign": "campaigns kampagne promotion 活动 营销活动 campaña campagne",
    "ticket": "tickets case cases issue incident anfrage 工单 问题 caso",
    "interaction": "interactions activity activities aktivität conversation call calls meeting 互动 沟通",
    "feedback": "review reviews survey bewertung umfrage complaint 评价 反馈 评论 rating ratings",
    "bom": "boms stückliste stueckliste recipe billofmaterials billofmaterial 物料清单 配方",
    "component": "components komponente 组件 部件 子件 componente",
    "operation": "operations arbeitsgang vorgang step 工序 operación",
    "routing": "routings arbeitsplan 工艺路线",
    "currency": "currencies währung waehrung curr crncy 币种 货币 moneda devise",
    "exchange": "fx forex wechselkurs kurs 汇率",
    "rate": "rates satz 比率",
    "discount": "disc rabatt nachlass 折扣 descuento remise",
    "country": "countries land nation 国家 国 país pays",
    "region": "regions gebiet province provinz state bundesland territory 地区 省 省份 区域 región département",
    "city": "town stadt ort 城市 市 ciudad ville municipality",
    "phone": "telephone telefon tel mobile cell handy fon 电话 手机 teléfono téléphone",
    "email": "mail emailaddress 邮箱 邮件 电子邮件 correo courriel",
    "address": "addr adresse anschrift street strasse straße 地址 dirección rue",
    "postal": "zip postcode plz postleitzahl zipcode 邮编",
    "status": "stat zustand statuscode 状态 estado statut",
    "stage": "phase stufe 阶段 etapa step_",
    "kind": "type typ art sort_ 类型 种类 tipo",
    "description": "desc descr beschreibung 描述 说明 descripción memo",
    "text": "comment comments kommentar remark remarks bemerkung message content body 备注 内容 文本 "
    "comentario note notes",
    "priority": "prio severity urgency priorität 优先级 prioridad",
    "channel": "kanal medium 渠道 canal",
    "reason": "grund 原因 motivo cause",
    "start": "begin started beginning anfang von starts 开始 inicio since from beginn",
    "end": "finish finished ended until ende bis ends 结束 fin thru completed completion",
    "due": "fällig faellig fälligkeit faelligkeit deadline 到期 应交 vencimiento",
    "promised": "promise zugesagt committed commit 承诺 prometido",
    "requested": "request required wanted desired wunsch gewünscht needed need 要求 需求 solicitado",
    "planned": "plan scheduled schedule geplant soll 计划 planificado",
    "actual": "real ist tatsächlich 实际",
    "estimated": "estimate expected forecast forecasted voraussichtlich erwartet 预计 estimado projected",
    "ordered": "placed bestellt 下单 submitted",
    "created": "creation create entered erstellt angelegt opened open eröffnet 创建 新建 creado added registered",
    "closed": "close closing resolved geschlossen abgeschlossen 关闭 cerrado",
    "won": "gewonnen 赢单",
    "approved": "approval confirmed confirmation genehmigt bestätigt 确认 审核",
    "minimum": "min mindest minimal 最小 最低 mínimo",
    "maximum": "max höchst maximal 最大 最高 máximo",
    "reserved": "allocated reserviert committed_ 预留 已分配",
    "hand": "verfügbar available 现有 可用",
    "active": "enabled aktiv valid 启用 有效 activo",
    "discontinued": "inactive disabled archived deleted obsolete inaktiv gelöscht 停用 停产",
    "parent": "main übergeordnet uebergeordnet 上级 父 padre",
    "manager": "boss supervisor vorgesetzter leiter 经理 主管 gerente",
    "owner": "assignee responsible verantwortlich zuständig 负责人 responsable",
    "buyer_": "einkäufer einkaeufer purchaser 采购员",
    "probability": "likelihood wahrscheinlichkeit prob win 概率 probabilidad",
    "weight": "gewicht 重量 peso poids",
    "volume": "volumen 体积",
    "barcode": "ean gtin upc 条码 条形码",
    "sku": "artikelnummer artikelnr 货号",
    "title": "titel 标题 职务 título",
    "subject": "betreff topic 主题 asunto",
    "score": "points punkte stars grade nps csat 评分 分数 puntuación",
    "hours": "hour stunden stunde 小时 工时 horas",
    "minutes": "minute min_ minuten 分钟",
    "days": "tage 天数 天 días",
    "first": "vor initial erste",
    "last": "nach letzte surname family",
    "industry": "sector branche branch 行业 industria",
    "segment": "tier klasse class_ 细分",
    "origin": "source herkunft quelle 来源 origen referrer",
    "job": "beruf occupation stelle 职位 岗位 puesto",
    "scrap": "scrapped ausschuss waste 报废",
    "reorder": "nachbestell melde 补货",
    "level": "point niveau grenze 点 水平",
    "transaction": "transactions movement movements bewegung move moves trans 移动 交易",
    "budget": "budgets 预算",
    "ledger": "gl hauptbuch 总账",
    "entry": "entries buchung posting journal 分录",
    "debit": "soll_ 借方 debe",
    "credit": "haben 贷方 haber",
    "head": "header kopf headers 抬头",
    "tracking": "sendungsnummer 运单",
    "center": "centre workcenter workcentre arbeitsplatz 中心",
    "external": "foreign extern 外部",
    "standard": "std normal 标准",
    "list": "katalog catalog catalogue retail msrp 目录",
    "sequence": "seq sequential reihenfolge 顺序",
    "language": "lang sprache culture locale 语言",
    "consent": "consents opt einwilligung optin 同意",
}
"""From plain word to the words that say the same."""

_LONGER: Mapping[str, str] = {
    "stockcode": "product id",
    "kunnr": "customer id",
    "lifnr": "supplier id",
    "matnr": "product id",
    "maktx": "product name",
    "werks": "warehouse id",
    "lgort": "warehouse id",
    "vbeln": "sales order id",
    "posnr": "line number",
    "ebeln": "purchase order id",
    "ebelp": "line number",
    "aufnr": "work order id",
    "bstnk": "customer reference",
    "audat": "order date",
    "vdatu": "requested date",
    "erdat": "created date",
    "waerk": "currency",
    "waers": "currency",
    "meins": "unit",
    "kwmeng": "quantity",
    "netwr": "net amount",
    "netpr": "price",
    "labst": "hand quantity",
    "matkl": "category id",
    "land1": "country",
    "ort01": "city",
    "telf1": "phone",
    "name1": "name",
    "stcd1": "tax number",
    "menge": "quantity",
    "eindt": "due date",
    "partner": "customer",
    "debitorennummer": "customer id",
    "kundennummer": "customer id",
    "kundennr": "customer id",
    "lieferantennummer": "supplier id",
    "auftragsnummer": "order id",
    "bestellnummer": "order id",
    "bestelldatum": "order date",
    "auftragsdatum": "order date",
    "liefertermin": "promised date",
    "lieferdatum": "delivered date",
    "wunschtermin": "requested date",
    "wunschlieferdatum": "requested date",
    "versanddatum": "shipped date",
    "einzelpreis": "unit price",
    "stückpreis": "unit price",
    "listenpreis": "list price",
    "verkaufspreis": "list price",
    "einkaufspreis": "cost",
    "ansprechpartner": "contact name",
    "lagerort": "warehouse id",
    "stichtag": "stock date",
    "产品编码": "product id",
    "物料编码": "product id",
    "商品编码": "product id",
    "客户编码": "customer id",
    "客户编号": "customer id",
    "供应商编码": "supplier id",
    "订单号": "order id",
    "订单编号": "order id",
    "下单日期": "order date",
    "下单时间": "order date",
    "交货日期": "promised date",
    "承诺交期": "promised date",
    "要求交期": "requested date",
    "发货日期": "shipped date",
    "含税金额": "total amount",
    "未税金额": "net amount",
    "现有库存": "hand quantity",
    "库存数量": "hand quantity",
    "统一社会信用代码": "tax number",
    "税号": "tax number",
    "workorder": "work order",
    "leadtime": "lead time",
    "ustid": "tax number",
    "uscc": "tax number",
    "vatid": "tax number",
    "firstname": "first name",
    "lastname": "last name",
    "vorname": "first name",
    "nachname": "last name",
    "jobtitle": "job title",
    "onhand": "hand",
    "pono": "purchase order number",
    "sono": "sales order number",
    "crdate": "created date",
    "createdate": "created date",
    "closedate": "closed date",
    "duns": "company number",
}
"""Words that stand for several plain ones, such as the names of columns in SAP."""

NOISE = _listed(
    "a all an and by copy das data dbo der des die dim export extract fact final for full in info information "
    "list_ master my new of our public report sheet table tbl the und von_ zu 数据 的 表"
)
"""Words that say nothing of what a table or column holds."""

LANGUAGES = _listed("chinese de en english es fr french german language spanish uk us zh")
"""Words that say in which language a text is."""

LIGHT = _listed("amount code date id kind name net number price quantity total")
"""Words that many columns share: they say what form a value has more than what it is of."""

_PARTS = _listed(
    "age area assembly average bad bill birth branch brand building business buy card change changed check "
    "children class color colour comment current delivery depth document down early education empty entity event "
    "false family file flag floor free freight from full gender good goods group height high hire history home "
    "house image in income key late leaf left length level limit link log login long low make manufacture "
    "manufacturer map married member middle model modified month new next node offer office old online open out "
    "page paid path percent person photo picture place preferred prefix previous primary quarter rating ratio "
    "reference rejected relation revision right room root safety second secondary session sex share shift ship "
    "short size sold special state stocked street style suffix summary third to top total tree true up updated "
    "url user value vehicle via visit web week width year yes"
)
"""Further words of which names are made that are written in one: they keep apart what is beside them."""


def words() -> dict[str, tuple[str, ...]]:
    """From every word that is understood to the plain words that it stands for."""
    known = {part: (part,) for part in _PARTS} | {plain: (plain,) for plain in _SAME}
    known |= {word: (plain,) for plain, others in _SAME.items() for word in others.split()}
    return known | {word: tuple(plain.split()) for word, plain in _LONGER.items()}
