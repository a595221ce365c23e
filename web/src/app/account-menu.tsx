import { CircleUser } from "lucide-react";
import { Link } from "react-router";

import { signOut, useSession } from "../gateway/session";
import { Popover } from "../ui/popover";

const PLACES = [
  ["/account", "Account"],
  ["/portfolio", "Portfolio"],
  ["/wallet", "Wallet"],
  ["/history", "History"],
  ["/account/preferences", "Preferences"],
] as const;

export function AccountMenu() {
  const me = useSession((session) => session.me);
  if (me === null) return null;
  return (
    <Popover
      name={`Account of ${me.email}`}
      label={<CircleUser size={20} aria-hidden />}
      className="flex size-8 items-center justify-center rounded-full text-soft hover:bg-raised hover:text-ink pointer-coarse:size-11"
      panelClassName="right-0 w-60"
    >
      {(close) => (
        <>
          <div className="border-b border-line px-3 py-2.5">
            <p className="truncate font-semibold">{me.email}</p>
            <p className="truncate text-xs text-muted">Account {me.account}</p>
          </div>
          <nav aria-label="Account" className="flex flex-col p-1">
            {PLACES.map(([path, name]) => (
              <Link
                key={path}
                to={path}
                onClick={close}
                className="flex min-h-8 items-center rounded-md px-2 text-soft hover:bg-lifted hover:text-ink pointer-coarse:min-h-11"
              >
                {name}
              </Link>
            ))}
            <button
              type="button"
              onClick={() => {
                close();
                void signOut();
              }}
              className="flex min-h-8 items-center rounded-md px-2 text-left text-soft hover:bg-lifted hover:text-ink pointer-coarse:min-h-11"
            >
              Sign out
            </button>
          </nav>
        </>
      )}
    </Popover>
  );
}
