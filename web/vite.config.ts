/** How the page is built: into the gateway's static folder, every asset with its hash in the name. */
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const GATEWAY = "http://127.0.0.1:3000";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    outDir: "../mexchange/gateway/static",
    emptyOutDir: true,
    target: "es2023",
    // What is inlined would need exceptions in the gateway's content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "chart-library", test: /node_modules\/(lightweight-charts|fancy-canvas)/, priority: 3 },
            { name: "vendor", test: /node_modules/, priority: 2 },
            { name: "shared", test: /src\/chart\/(candles|indicators|order-lines)/, priority: 1 },
            // What several pages share comes in one piece, not in twenty.
            { name: "shared", minShareCount: 2, test: /\/src\//, priority: 1 },
          ],
        },
      },
    },
  },
  worker: { format: "es" },
  server: {
    port: 5173,
    proxy: {
      "/api": GATEWAY,
      "/auth": GATEWAY,
      "/health": GATEWAY,
      "/ws": { target: GATEWAY, ws: true },
    },
  },
  test: {
    environment: "node",
    setupFiles: ["src/testing.ts"],
    restoreMocks: true,
  },
});
