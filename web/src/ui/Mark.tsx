/** Two plugs and a cord: our sign. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden style={{ flex: "none" }}>
      <rect width="32" height="32" rx="8" fill="#1663c9" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <circle cx="9.5" cy="10" r="2.6" />
        <circle cx="22.5" cy="22" r="2.6" />
        <path d="M9.5 12.6c0 8 13 -1 13 6.8" />
      </g>
      <circle cx="22.5" cy="10" r="1.7" fill="#fff" opacity=".55" />
      <circle cx="9.5" cy="22" r="1.7" fill="#fff" opacity=".55" />
    </svg>
  );
}
