import type { ButtonHTMLAttributes, Ref } from "react";

import { cx } from "./class-names";

type Look = "primary" | "plain" | "quiet" | "buy" | "sell" | "danger";

const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-ground font-semibold hover:brightness-110",
  plain: "bg-lifted text-ink hover:brightness-125",
  quiet: "text-soft hover:bg-raised hover:text-ink",
  buy: "bg-up text-ground font-semibold hover:brightness-110",
  sell: "bg-down text-ground font-semibold hover:brightness-110",
  danger: "border border-down text-down hover:bg-down/10",
};

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  size?: "small" | "normal" | "large";
  ref?: Ref<HTMLButtonElement>;
}

const SIZES = {
  small: "min-h-6 px-2 text-xs pointer-coarse:min-h-11",
  normal: "min-h-8 px-3 pointer-coarse:min-h-11",
  large: "min-h-11 px-4 text-sm",
};

/** A button, never a submit by accident. */
export function Button({ look = "plain", size = "normal", type = "button", className, ...rest }: Props) {
  return (
    <button
      type={type}
      className={cx(
        "inline-flex items-center justify-center gap-1.5 rounded-md whitespace-nowrap transition disabled:opacity-100 disabled:brightness-75 disabled:saturate-50",
        LOOKS[look],
        SIZES[size],
        className,
      )}
      {...rest}
    />
  );
}
