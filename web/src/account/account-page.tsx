import { NavLink, useParams } from "react-router";

import { cx } from "../ui/class-names";
import { Page } from "../ui/panel";
import { General } from "./general";
import { Help } from "./help";
import { Keys } from "./keys";
import { Preferences } from "./preferences";
import { Security } from "./security";
import { Sessions } from "./sessions";

const SECTIONS = {
  general: ["General", General],
  security: ["Security", Security],
  sessions: ["Sessions", Sessions],
  keys: ["API keys", Keys],
  preferences: ["Preferences", Preferences],
  help: ["Help", Help],
} as const;

type Section = keyof typeof SECTIONS;
const isSection = (name: string): name is Section => name in SECTIONS;

export default function AccountPage() {
  const { section = "general" } = useParams();
  const shown = isSection(section) ? section : "general";
  const [, Content] = SECTIONS[shown];
  return (
    <Page title="Account">
      <div className="grid items-start gap-4 md:grid-cols-[12rem_1fr]">
        <nav aria-label="Sections" className="flex overflow-x-auto md:flex-col">
          {Object.entries(SECTIONS).map(([key, [name]]) => (
            <NavLink
              key={key}
              to={`/account/${key}`}
              aria-current={key === shown ? "page" : undefined}
              className={cx(
                "flex min-h-9 items-center rounded-md px-3 whitespace-nowrap pointer-coarse:min-h-11",
                key === shown ? "bg-raised text-ink" : "text-muted hover:text-ink",
              )}
            >
              {name}
            </NavLink>
          ))}
        </nav>
        <div className="flex min-w-0 flex-col gap-4">
          <Content />
        </div>
      </div>
    </Page>
  );
}
