"""Orders of shops, and sales of Bandcamp, which are statements and orders at once."""

import random
from decimal import Decimal

from benchmarks.generated.files import Made, Song, moment, recordings, songs, table

BUYERS = ("ann@example.org", "ben@example.org", "zoë@example.org")
CODES = {"DE": "Germany", "US": "United States", "GB": "United Kingdom", "JP": "Japan"}
ITEMS = (("Tour shirt", "Shirt"), ("Harbour LP", "Vinyl"), ('"Tide" CD, signed', "CD"),
         ("Größe M; Mütze", "Hat"), ("夜の海 7\"", "Vinyl"))  # fmt: skip


def shop_orders(chance: random.Random) -> Made:
    """Orders as Shopify exports them, or as a sheet of order lines."""
    return (_shopify if chance.random() < 0.5 else _sheet)(chance)


def _price(chance: random.Random) -> Decimal:
    return Decimal(chance.randrange(100, 200_000)).scaleb(-2)


def _orders(chance: random.Random) -> list[dict]:
    """Return lines of orders: who, when, what, how many, and for how much."""
    lines = []
    currency, vendor = chance.choice(("EUR", "USD")), "Nora Vale"
    for number in range(chance.randint(1, 4)):
        buyer, at = chance.choice(BUYERS), moment(chance)
        kept = {"order": f"#{1001 + number}", "buyer": buyer, "at": at, "currency": currency}
        for line in range(chance.randint(1, 3)):
            item, kind = chance.choice(ITEMS)
            lines.append(kept | {
                "line": line + 1, "item": item, "kind": kind, "vendor": vendor,
                "sku": f"SKU-{ITEMS.index((item, kind))}" if chance.random() < 0.5 else None,
                "quantity": chance.randint(1, 12), "price": _price(chance),
                "discount": Decimal(chance.choice((0, 50, 99))).scaleb(-2),
            })  # fmt: skip
    return lines


def _shopify(chance: random.Random) -> Made:
    header = ["Name", "Email", "Financial Status", "Paid at", "Currency", "Total", "Created at",
              "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku",
              "Lineitem discount", "Vendor"]  # fmt: skip
    cells: list[list[object]] = [header]
    lines = _orders(chance)
    for one in lines:
        at = one["at"].strftime("%Y-%m-%d %H:%M:%S +0000")
        of_order = ["paid", at, one["currency"], "9.00"] if one["line"] == 1 else [None] * 4
        cells.append([one["order"], one["buyer"], *of_order, at, one["quantity"], one["item"],
                      one["price"], one["sku"], one["discount"], one["vendor"]])  # fmt: skip
    file, data = table(chance, cells)
    products = {}
    rows = [_purchase(one, products, one["discount"], with_kind=False) for one in lines]
    return Made(file, data, {"purchases": rows, "products": list(products.values())},
                people=BUYERS)  # fmt: skip


def _sheet(chance: random.Random) -> Made:
    german = chance.random() < 0.3
    header = ["Order number", "Order date", "Customer email", "Product", "Artist", "Product type",
              "SKU", "Quantity", "Unit price", "Currency"]  # fmt: skip
    if german:
        header = ["Bestellnummer", "Bestelldatum", "E-Mail", "Artikel", "Künstler", "Kategorie",
                  "Artikelnummer", "Menge", "Einzelpreis", "Währung"]  # fmt: skip
    cells: list[list[object]] = [header]
    lines = _orders(chance)
    for one in lines:
        price = str(one["price"]).replace(".", ",") if german else one["price"]
        cells.append([one["order"], one["at"].strftime("%Y-%m-%d %H:%M:%S"), one["buyer"],
                      one["item"], one["vendor"], one["kind"], one["sku"], one["quantity"], price,
                      one["currency"]])  # fmt: skip
    file, data = table(chance, cells, ";" if german else chance.choice(",;\t"))
    products = {}
    rows = [_purchase(one, products, Decimal(0), with_kind=True) for one in lines]
    return Made(file, data, {"purchases": rows, "products": list(products.values())},
                people=BUYERS)  # fmt: skip


def _purchase(one: dict, products: dict[str, dict], less: Decimal, *, with_kind: bool) -> dict:
    """Return a line as a purchase, and note its product where it stands first."""
    parts = [one["vendor"], one["item"], *([one["kind"]] if with_kind else [])]
    product = f"shop:{one['sku'] or ' · '.join(parts)}"
    kind = {"kind": one["kind"]} if with_kind else {}
    products.setdefault(product, {"product_id": product, "name": one["item"]} | kind)
    return {
        "order_id": f"shop:{one['order']}", "line": one["line"], "listener": one["buyer"],
        "product_id": product, "quantity": one["quantity"], "currency": one["currency"],
        "amount": one["price"] * one["quantity"] - less, "purchased_at": one["at"],
    }  # fmt: skip


def bandcamp(chance: random.Random) -> Made:
    """Sales of Bandcamp: tracks and albums, each with its order."""
    header = ["date", "paid to", "item type", "item name", "artist", "currency", "item price",
              "quantity", "sub total", "additional fan contribution", "item total",
              "amount you received", "bandcamp transaction id", "net amount", "isrc", "upc",
              "buyer name", "buyer email", "country"]  # fmt: skip
    cells: list[list[object]] = [header]
    lines, buys, products, sold = [], [], {}, []
    every = songs(chance)
    for number in range(chance.randint(1, 8)):
        song, quantity, price = chance.choice(every), chance.randint(1, 9), _price(chance)
        kind, at = chance.choice(("track", "album")), moment(chance).replace(second=0)
        extra = Decimal(chance.choice((0, 0, 150))).scaleb(-2)
        total, code = price * quantity, chance.choice(list(CODES))
        net, buyer = total * Decimal("0.85"), chance.choice(BUYERS)
        item, isrc = (song.title, song.isrc) if kind == "track" else (song.album, None)
        hour = at.strftime("%I").lstrip("0")
        written = f"{at:%m/%d/%y} {hour}:{at:%M}{at:%p}".replace("AM", "am").replace("PM", "pm")
        cells.append([written, "me", kind, item, song.artist, "GBP", price, quantity, total, extra,
                      total + extra, net, f"B{number}", net, isrc, song.upc, "Somebody", buyer,
                      CODES[code]])  # fmt: skip
        title = {"track_title": item, "isrc": isrc} if isrc else {"release_title": item}
        lines.append({
            "source": "bandcamp", "source_row": number + 2, "store": "bandcamp", "currency": "GBP",
            "sale_start": at.date(), "sale_end": at.date(), "territory": code, "net": net,
            "track_artist": song.artist, "sale_type": kind, "quantity": quantity,
            "gross": total + extra, "upc": song.upc,
        } | title)  # fmt: skip
        product = f"bandcamp:{song.artist} · {item} · {kind}"
        products[product] = {"product_id": product, "name": item, "kind": kind}
        buys.append({
            "order_id": f"bandcamp:B{number}", "line": 1, "listener": buyer, "currency": "GBP",
            "product_id": product, "quantity": quantity, "amount": total + extra,
            "purchased_at": at,
        })  # fmt: skip
        sold += [song] if isrc else []
    payout = dict.fromkeys(header) | {"date": "11/30/22 5:45pm", "paid to": "me",
                                      "item type": "payout", "currency": "GBP",
                                      "amount you received": "-100.00",
                                      "net amount": "-100.00"}  # fmt: skip
    cells += [list(payout.values())] if chance.random() < 0.3 else []
    file, data = table(chance, cells)
    rows = {"statements": lines, "purchases": buys, "products": list(products.values())}
    return Made(file, data, rows | _recordings(sold), people=BUYERS)


def _recordings(sold: list[Song]) -> dict[str, list[dict]]:
    return recordings(sold, "isrc", "upc") if sold else {}
