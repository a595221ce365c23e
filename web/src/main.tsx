/** The composition root of the page. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import "./app/index.css";
import { App } from "./app/app";
import { openExchange } from "./gateway/exchange";
import { useSettings } from "./settings/settings";

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no #root");

const dress = (): void => {
  document.documentElement.dataset["palette"] = useSettings.getState().palette;
};
dress();
useSettings.subscribe(dress);

createRoot(root).render(
  <StrictMode>
    <App exchange={openExchange(location.origin)} />
  </StrictMode>,
);
