/**
 * The rows of one side of the book, written into the page directly. A book changes at every frame of the screen: here
 * only what reads differently is touched, and each row is laid out for itself. What is pressed is heard by the table.
 */
import type { RowView, SideName } from "./book-view";
import type { OwnLevel } from "./own-levels";

const ROW =
  "group relative grid h-5 shrink-0 cursor-pointer grid-cols-3 items-center px-3 text-xs [contain:strict] hover:bg-raised " +
  "aria-hidden:invisible aria-hidden:pointer-events-none pointer-coarse:h-7";
const BAR = "absolute inset-y-px right-0 left-0 origin-right opacity-15";
const DOT = "absolute left-1 text-[0.5rem] text-accent";
const CANCEL =
  "absolute top-0 right-0 hidden h-full w-6 items-center justify-center bg-lifted text-ink group-hover:flex group-focus:flex";
const BAR_STEPS = 64;

export class BookRows {
  private readonly rows: Row[] = [];
  private entry = -1;

  /** `host` is the element that holds the rows, and nothing else. */
  constructor(
    private readonly host: HTMLElement,
    private readonly side: SideName,
  ) {}

  /** So many rows, the best of the asks at the foot; where Tab enters the table, if it does here. */
  show(count: number, hasEntry: boolean): void {
    while (this.rows.length > count) this.rows.pop()?.element.remove();
    while (this.rows.length < count) {
      const row = new Row(this.side, this.rows.length);
      this.rows.push(row);
      if (this.side === "asks") this.host.prepend(row.element);
      else this.host.append(row.element);
    }
    this.entry = hasEntry ? 0 : -1;
    this.rows[0]?.setEntry(this.entry === 0);
  }

  paint(views: readonly RowView[], own: ReadonlyMap<bigint, OwnLevel>): void {
    for (const [index, row] of this.rows.entries()) {
      const view = views[index] ?? null;
      row.paint(view);
      row.mark(view === null ? undefined : own.get(view.price));
    }
  }

  clear(): void {
    this.host.replaceChildren();
    this.rows.length = 0;
  }
}

class Row {
  readonly element: HTMLElement;
  private readonly bar: HTMLElement;
  private readonly price: Text;
  private readonly size: Text;
  private readonly total: Text;
  private shown: RowView | null = null;
  private own: OwnLevel | undefined;
  private marks: readonly HTMLElement[] = [];
  private isEntry = false;

  constructor(side: SideName, index: number) {
    this.element = made("div", "row", ROW);
    this.element.dataset["side"] = side;
    this.element.dataset["index"] = String(index);
    this.element.ariaHidden = "true";
    this.bar = made("span", "presentation", `${BAR} ${side === "bids" ? "bg-up" : "bg-down"}`);
    const cells = [
      made("span", "rowheader", side === "bids" ? "text-up" : "text-down"),
      made("span", "cell", "text-right"),
      made("span", "cell", "text-right text-soft"),
    ] as const;
    cells[1].dataset["size"] = "";
    this.element.append(this.bar, ...cells);
    [this.price, this.size, this.total] = [written(cells[0]), written(cells[1]), written(cells[2])];
  }

  paint(view: RowView | null): void {
    const before = this.shown;
    if (view === before) return;
    this.shown = view;
    if (view === null || before === null) this.setReachable();
    if (view === null) return;
    if (view.priceText !== before?.priceText) this.price.data = view.priceText;
    if (view.sizeText !== before?.sizeText) this.size.data = view.sizeText;
    if (view.totalText !== before?.totalText) this.total.data = view.totalText;
    // Moved, never laid out: a transform costs nothing but painting.
    if (view.bar !== before?.bar) this.bar.style.transform = `scaleX(${view.bar / BAR_STEPS})`;
  }

  /** Own orders at this price. */
  mark(own: OwnLevel | undefined): void {
    if (own === this.own) return;
    this.own = own;
    for (const mark of this.marks) mark.remove();
    this.marks = own === undefined ? [] : [dot(), cancelButton(this.price.data)];
    this.element.append(...this.marks);
    this.element.ariaDescription = own === undefined ? null : `Your order of ${own.size}`;
  }

  setEntry(isEntry: boolean): void {
    this.isEntry = isEntry;
    this.setReachable();
  }

  private setReachable(): void {
    const { element } = this;
    if (this.shown === null) {
      element.ariaHidden = "true";
      element.removeAttribute("tabindex");
    } else {
      element.ariaHidden = null;
      element.tabIndex = this.isEntry ? 0 : -1;
    }
  }
}

function made(name: "div" | "span" | "button", role: string, className: string): HTMLElement {
  const element = document.createElement(name);
  element.role = role;
  element.className = className;
  return element;
}

function written(cell: HTMLElement): Text {
  const text = document.createTextNode("");
  cell.append(text);
  return text;
}

function dot(): HTMLElement {
  const mark = made("span", "presentation", DOT);
  mark.ariaHidden = "true";
  mark.textContent = "●";
  return mark;
}

function cancelButton(price: string): HTMLElement {
  const button = made("button", "button", CANCEL);
  button.tabIndex = -1;
  button.dataset["cancel"] = "";
  button.ariaLabel = `Cancel your orders at ${price}`;
  button.textContent = "✕";
  return button;
}
