/** The mark: a stream that joins a river. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" fill="none" aria-hidden="true" className={className}>
      <path d="M3 3c0 7 6 6.5 7 11" stroke="var(--line-strong)" strokeWidth="2" strokeLinecap="round" />
      <path d="M16 2c0 6-6 7-6 16" stroke="var(--accent)" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}
