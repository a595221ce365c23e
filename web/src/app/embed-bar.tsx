import { useState } from "react";
import { useSearchParams } from "react-router";

const KEY = "mexchange-embed";

/** With `?embed` a slim bar leads back to the page that led here; it stays while one walks through the pages. */
export function EmbedBar() {
  const [search] = useSearchParams();
  const [isEmbedded] = useState(() => {
    if (search.has("embed")) sessionStorage.setItem(KEY, document.referrer || "back");
    return sessionStorage.getItem(KEY) !== null;
  });
  if (!isEmbedded) return null;
  const from = sessionStorage.getItem(KEY);
  return (
    <div className="flex h-9 shrink-0 items-center bg-raised px-3 text-xs">
      <button
        type="button"
        className="min-h-6 text-soft hover:text-ink"
        onClick={() => {
          sessionStorage.removeItem(KEY);
          if (from?.startsWith("http")) location.assign(from);
          else history.back();
        }}
      >
        ← Back
      </button>
    </div>
  );
}
