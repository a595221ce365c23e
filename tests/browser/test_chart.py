"""What is done on the chart itself."""

import re
from decimal import Decimal
from typing import Final

from playwright.sync_api import expect

from tests.browser.visitor import Visitor, is_live, order_row

FIND_LINE: Final = """box => {
  const { left, top, width, height } = box.getBoundingClientRect();
  const x = left + width / 3;
  for (let y = top; y < top + height; y += 1) {
    box.dispatchEvent(new PointerEvent("pointermove", { clientX: x, clientY: y, pointerType: "mouse" }));
    if (box.style.cursor === "ns-resize") return [x, y];
  }
  return null;
}"""
"""Where the first line that can be taken hold of is."""


def test_an_order_is_dragged_to_another_price_on_the_chart(visitor: Visitor) -> None:
    visitor.join()
    last = Decimal(visitor.ask("GET", "/api/ticker?symbol=KCN/EUR")["tickers"][0]["last"])
    order = visitor.place("ask", str(last), "5")
    page = visitor.tab()
    is_live(page)
    chart = page.get_by_role("img", name=re.compile("candles of 1m"))
    expect(order_row(page, "5")).to_contain_text("Open")
    line = page.wait_for_function(FIND_LINE, arg=chart.element_handle()).json_value()

    def drag() -> None:
        page.mouse.move(*line)
        page.mouse.down()
        page.mouse.move(line[0], line[1] - 20, steps=4)

    drag()
    page.keyboard.press("Escape")
    page.mouse.up()
    drag()
    page.mouse.up()
    dialog = page.get_by_role("dialog", name="Amend order")
    price = dialog.get_by_label(re.compile("New price")).input_value()
    assert Decimal(price) > last
    # Nothing is sent before it is said so.
    assert visitor.ask("GET", f"/api/orders/{order['id']}")["price"] == order["price"]
    dialog.get_by_role("button", name="Amend order").click()
    expect(order_row(page, "5")).to_contain_text(f"{Decimal(price):,}")
    assert Decimal(visitor.ask("GET", f"/api/orders/{order['id']}")["price"]) == Decimal(price)
    visitor.ask("POST", "/api/orders/cancel-all")
