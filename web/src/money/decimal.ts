/**
 * Exact decimals: an integer of units and the number of decimals it has. Prices, sizes and amounts are these from the
 * wire to the screen and back; a float is only ever a place on it.
 */

const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?$/;
const SCALE_MAX = 18;

export class Decimal {
  private constructor(
    readonly units: bigint,
    readonly scale: number,
  ) {}

  static readonly ZERO = new Decimal(0n, 0);

  static of(units: bigint, scale: number): Decimal {
    if (!Number.isInteger(scale) || scale < 0) throw new RangeError(`scale ${scale}`);
    return new Decimal(units, scale);
  }

  /** The number that `text` writes, or null: digits with at most one point, no exponent, at most 18 decimals. */
  static parse(text: string): Decimal | null {
    const parts = PATTERN.exec(text.trim());
    if (parts === null) return null;
    const [, sign, whole = "", fraction = ""] = parts;
    if (whole === "" && fraction === "") return null;
    if (fraction.length > SCALE_MAX) return null;
    const magnitude = BigInt(whole + fraction);
    return new Decimal(sign === "-" ? -magnitude : magnitude, fraction.length);
  }

  /** As `parse`, of a text that the exchange wrote: anything else is a fault of ours. */
  static from(text: string): Decimal {
    const value = Decimal.parse(text);
    if (value === null) throw new TypeError(`not a decimal: ${text}`);
    return value;
  }

  get isZero(): boolean {
    return this.units === 0n;
  }

  get isPositive(): boolean {
    return this.units > 0n;
  }

  get isNegative(): boolean {
    return this.units < 0n;
  }

  plus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(this.unitsAt(scale) + other.unitsAt(scale), scale);
  }

  minus(other: Decimal): Decimal {
    return this.plus(new Decimal(-other.units, other.scale));
  }

  times(other: Decimal): Decimal {
    return new Decimal(this.units * other.units, this.scale + other.scale);
  }

  /** The quotient with `scale` decimals, rounded toward negative infinity. */
  dividedBy(other: Decimal, scale: number): Decimal {
    if (other.isZero) throw new RangeError("division by zero");
    const power = scale + other.scale - this.scale;
    const numerator = power >= 0 ? this.units * tenTo(power) : this.units;
    const denominator = power >= 0 ? other.units : other.units * tenTo(-power);
    return new Decimal(floorDivide(numerator, denominator), scale);
  }

  compare(other: Decimal): -1 | 0 | 1 {
    const scale = Math.max(this.scale, other.scale);
    const mine = this.unitsAt(scale);
    const theirs = other.unitsAt(scale);
    if (mine === theirs) return 0;
    return mine < theirs ? -1 : 1;
  }

  equals(other: Decimal): boolean {
    return this.compare(other) === 0;
  }

  /** With exactly `scale` decimals, rounded toward negative infinity. */
  floor(scale: number): Decimal {
    if (scale >= this.scale) return new Decimal(this.unitsAt(scale), scale);
    return new Decimal(floorDivide(this.units, tenTo(this.scale - scale)), scale);
  }

  /** With exactly `scale` decimals, rounded toward positive infinity. */
  ceil(scale: number): Decimal {
    const down = this.negated().floor(scale);
    return down.negated();
  }

  /** The greatest multiple of `step` that is not above this. */
  floorTo(step: Decimal): Decimal {
    const scale = Math.max(this.scale, step.scale);
    const size = step.unitsAt(scale);
    return new Decimal(floorDivide(this.unitsAt(scale), size) * size, scale).floor(step.scale);
  }

  isMultipleOf(step: Decimal): boolean {
    return this.floorTo(step).equals(this);
  }

  negated(): Decimal {
    return new Decimal(-this.units, this.scale);
  }

  /** All its decimals, no grouping: what is sent. */
  toString(): string {
    return written(this.units, this.scale, "");
  }

  /** With exactly `scale` decimals, rounded down, thousands grouped: what is shown. */
  show(scale: number = this.scale): string {
    const value = this.floor(scale);
    return written(value.units, value.scale, ",");
  }

  /** Without zeros at its end. */
  trimmed(): Decimal {
    let { units, scale } = this;
    while (scale > 0 && units % 10n === 0n) {
      units /= 10n;
      scale -= 1;
    }
    return new Decimal(units, scale);
  }

  /** A place on the screen or a ratio, never an amount. */
  toPixels(): number {
    return Number(this.units) / 10 ** this.scale;
  }

  private unitsAt(scale: number): bigint {
    return this.units * tenTo(scale - this.scale);
  }
}

export function smaller(a: Decimal, b: Decimal): Decimal {
  return a.compare(b) <= 0 ? a : b;
}

function tenTo(power: number): bigint {
  return 10n ** BigInt(power);
}

function floorDivide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const isExact = quotient * denominator === numerator;
  return isExact || numerator < 0n === denominator < 0n ? quotient : quotient - 1n;
}

function written(units: bigint, scale: number, separator: string): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const grouped = separator === "" ? whole : whole.replace(/\B(?=(\d{3})+$)/g, separator);
  const fraction = scale === 0 ? "" : `.${digits.slice(-scale)}`;
  return `${units < 0n ? "-" : ""}${grouped}${fraction}`;
}
