import { change, useSettings } from "../settings/settings";
import { Dialog } from "../ui/dialog";
import { Switch } from "../ui/field";
import { HOTKEYS } from "./hotkey-list";

export default function HotkeyHelp({ close }: { close: () => void }) {
  const isOn = useSettings((settings) => settings.hotkeys);
  return (
    <Dialog title="Hot keys" close={close}>
      <Switch label="Hot keys are on" isOn={isOn} set={(hotkeys) => change({ hotkeys })} />
      <dl className="mt-4 grid grid-cols-[auto_1fr] items-baseline gap-x-4 gap-y-2">
        {HOTKEYS.map(({ keys, does }) => (
          <div key={keys} className="contents">
            <dt>
              <kbd className="rounded border border-edge bg-raised px-1.5 py-0.5 font-sans text-xs whitespace-nowrap">{keys}</kbd>
            </dt>
            <dd className="text-soft">{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
