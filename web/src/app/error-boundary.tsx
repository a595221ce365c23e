import { Component, type ReactNode } from "react";

import { Button } from "../ui/button";

/** Says that something of the page broke, what it was, and lets one begin anew. Orders are safe at the exchange. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { fault: Error | null }> {
  override state: { fault: Error | null } = { fault: null };

  static getDerivedStateFromError(fault: Error): { fault: Error } {
    return { fault };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    return (
      <div role="alert" className="flex flex-col items-center gap-3 p-16 text-center">
        <h1 className="text-xl font-semibold">This page broke</h1>
        <p className="max-w-prose text-soft">
          Your orders are at the exchange and go on without it. What went wrong: {fault.message}
        </p>
        <Button look="primary" onClick={() => location.reload()}>
          Reload
        </Button>
      </div>
    );
  }
}
