export function Logo() {
  return (
    <span className="flex items-center gap-2 font-semibold tracking-tight">
      <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden>
        <rect width="32" height="32" rx="7" className="fill-raised" />
        <path
          d="M6 23V9l6.500 8L16 12.500 19.500 17 26 9v14"
          fill="none"
          stroke="currentColor"
          strokeWidth="3"
          strokeLinejoin="round"
          strokeLinecap="round"
          className="text-accent"
        />
      </svg>
      <span className="hidden sm:inline">mExchange</span>
    </span>
  );
}
