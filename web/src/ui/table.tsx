import { useId, type ReactNode } from "react";

import { cx } from "./class-names";

export interface Column<Row> {
  key: string;
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the right, so that their decimals align. */
  isNumber?: boolean;
  /** Left out where there is little room. */
  isExtra?: boolean;
}

interface Props<Row> {
  name: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  rowClass?: (row: Row) => string | false;
  empty: ReactNode;
  className?: string;
}

/** A table with a head that stays; on narrow screens the columns that matter less go. */
export function Table<Row>({ name, columns, rows, rowKey, rowClass, empty, className }: Props<Row>) {
  const id = useId();
  if (rows.length === 0) return <>{empty}</>;
  return (
    // What scrolls must be within reach of the keyboard.
    <div className={cx("scroll-area", className)} role="group" aria-labelledby={id} tabIndex={0}>
      <table className="w-full border-collapse">
        <caption id={id} className="sr-only">
          {name}
        </caption>
        <thead className="sticky top-0 z-10 bg-panel text-left text-xs text-muted">
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={cx(
                  "h-8 px-2 font-normal whitespace-nowrap first:pl-4 last:pr-4",
                  column.isNumber && "text-right",
                  column.isExtra && "hidden md:table-cell",
                )}
              >
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className={cx("border-t border-line/60 hover:bg-raised/60", rowClass?.(row))}>
              {columns.map((column) => (
                <td
                  key={column.key}
                  className={cx(
                    "h-9 px-2 whitespace-nowrap first:pl-4 last:pr-4",
                    column.isNumber && "text-right",
                    column.isExtra && "hidden md:table-cell",
                  )}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
