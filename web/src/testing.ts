/** What every test of a component needs: matchers for the DOM, and an empty document afterwards. */
import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

afterEach(cleanup);
