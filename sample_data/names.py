"""Words that the sample's parties and places are made of, in German and Chinese. Invented; any likeness is chance."""

SURNAMES = (
    "Albrecht", "Bauer", "Berger", "Brandl", "Dietrich", "Ebner", "Eder", "Fischer", "Fuchs", "Gruber", "Haas",
    "Hofer", "Huber", "Jansen", "Keller", "Kern", "Kiefer", "Koch", "Kraus", "Lang", "Lechner", "Lorenz", "Maier",
    "Moser", "Neumann", "Ortner", "Petersen", "Pichler", "Reiter", "Richter", "Sauer", "Schmid", "Seidel",
    "Steiner", "Thaler", "Unger", "Vogt", "Wagner", "Weiss", "Winkler", "Wolf", "Zeller", "Ziegler", "Zimmermann",
)  # fmt: skip
FIRST_NAMES = (
    "Anna", "Andreas", "Beate", "Christian", "Daniela", "Elena", "Felix", "Florian", "Georg", "Hanna", "Jonas",
    "Julia", "Katrin", "Lena", "Lukas", "Markus", "Martin", "Miriam", "Nina", "Oliver", "Petra", "Sabine", "Stefan",
    "Thomas", "Ursula", "Verena",
)  # fmt: skip
SURNAMES_ZH = (
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林",
    "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "邓", "冯", "韩", "曹",
)  # fmt: skip
FIRST_NAMES_ZH = (
    "伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "明", "超", "秀英", "建华",
    "文静", "志强", "晓东", "雨桐", "子涵", "海燕", "国栋", "丽华", "思远", "佳怡", "俊杰", "欣然",
)  # fmt: skip

CITIES = (
    # country, region, cities
    (0, "Germany South", (
        "Augsburg", "Ulm", "München", "Stuttgart", "Nürnberg", "Würzburg", "Freiburg", "Regensburg", "Heilbronn",
        "Kempten", "Passau", "Karlsruhe",
    )),
    (0, "Germany North", (
        "Hamburg", "Bremen", "Hannover", "Kiel", "Lübeck", "Rostock", "Münster", "Bielefeld", "Berlin", "Magdeburg",
        "Oldenburg", "Dortmund",
    )),
    (1, "Austria", (
        "Linz", "Wien", "Graz", "Salzburg", "Innsbruck", "Wels", "Steyr", "Villach", "Klagenfurt", "St. Pölten",
        "Bregenz",
    )),
    (2, "East China", (
        "苏州", "上海", "无锡", "南京", "杭州", "宁波", "常州", "合肥", "青岛", "济南",
    )),
    (2, "South China", (
        "广州", "深圳", "东莞", "佛山", "厦门", "福州", "长沙", "南宁",
    )),
)  # fmt: skip

TRADES = (
    # segment, weight, what German and Chinese firms of the kind call themselves, industry
    (
        "Installer", 40, ("Haustechnik", "Sanitär und Heizung", "Installationen", "Gebäudetechnik", "Brunnenbau"),
        ("机电安装工程", "暖通设备工程", "建筑安装"), "Building services",
    ),
    (
        "Distributor", 18, ("Großhandel", "Technischer Handel", "Pumpenhandel", "Armaturenhandel"),
        ("泵阀贸易", "流体设备贸易", "机电设备"), "Wholesale",
    ),
    (
        "OEM", 16, ("Maschinenbau", "Anlagenbau", "Apparatebau", "Kältetechnik"),
        ("机械制造", "自动化设备", "环保设备"), "Machinery",
    ),
    (
        "Industry", 18, ("Brauerei", "Papierfabrik", "Chemie", "Lebensmittelwerke", "Textilwerke"),
        ("化工", "食品", "纺织", "电子科技"), "Process industry",
    ),
    (
        "Utility", 8, ("Stadtwerke", "Wasserverband", "Abwasserverband"),
        ("自来水", "水务", "污水处理"), "Water and energy",
    ),
)  # fmt: skip
FORMS = (
    "GmbH", "GmbH & Co. KG", "KG", "e.K.", "AG",
)  # fmt: skip
BRANDS_ZH = (
    "恒达", "华远", "金泰", "宏源", "瑞丰", "天成", "永利", "盛达", "新科", "中汇", "东升", "广通", "海纳", "嘉禾",
    "凯旋", "联创", "明德", "南洋", "鹏程", "启明", "润泽", "三江", "泰和", "万通", "兴业", "扬帆", "益民", "正源",
    "志诚", "卓越",
)  # fmt: skip

JOBS_AT_CUSTOMER = (
    "Purchasing", "Site manager", "Technical manager", "Managing director", "Maintenance",
)  # fmt: skip
LOST_REASONS = (
    "Price", "Delivery time", "Went to a competitor", "Project cancelled", "No answer", "Technical mismatch",
)  # fmt: skip
ORIGINS = (
    "Web form", "Trade fair", "Referral", "Cold call", "Campaign", "Existing customer",
)  # fmt: skip
CARRIERS = (
    ("Alpenfracht Spedition", "Road"),
    ("Paketdienst Süd", "Parcel"),
    ("Hansa Logistik", "Road"),
    ("顺达快递", "Parcel"),
    ("华东物流", "Road"),
    ("Customer collects", "Collection"),
)
