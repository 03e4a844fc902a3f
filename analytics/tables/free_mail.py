"""Providers of mail: an address of theirs says nothing of a firm."""

FREE_MAIL = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "yahoo.de"),
        *("icloud.com", "me.com", "aol.com", "gmx.de", "gmx.net", "gmx.com", "web.de", "t-online.de", "freenet.de"),
        *("qq.com", "163.com", "126.com", "sina.com", "foxmail.com", "139.com", "aliyun.com", "yeah.net", "sohu.com"),
        *("protonmail.com", "proton.me", "mail.ru", "yandex.ru", "orange.fr", "free.fr", "laposte.net", "libero.it"),
        *("hotmail.de", "hotmail.fr", "yahoo.co.uk", "yahoo.fr", "outlook.de", "hotmail.co.uk", "btinternet.com"),
    }
)
"""Providers at whose domain anybody has an address: it says nothing of the firm."""
