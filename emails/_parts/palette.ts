/** The colours of a mail in the light, as inline styles need them: mail programs know neither OKLCH nor variables. */
export const palette = {
  ground: "#f5f9fa",
  surface: "#ffffff",
  line: "#dbe2e5",
  ink: "#142126",
  inkSoft: "#49575c",
  accent: "#006a75",
  onAccent: "#ffffff",
  dotEmpty: "#9aa7ad",
  reversed: "#a92a28",
} as const;

/** The same places in the dark, by class, for the mail programs that ask for it. The rest keeps the light ones, which need no help. */
export const darkStyles = `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  @media (prefers-color-scheme: dark) {
    .ground, .ground > table > tbody > tr > td { background-color: #0f181c !important; }
    .surface { background-color: #162127 !important; border-color: #2a373d !important; }
    .line { border-color: #2a373d !important; }
    .ink { color: #e5ecee !important; }
    .ink-soft { color: #aab8bd !important; }
    .accent { color: #5fc3cb !important; }
    .button { background-color: #5fc3cb !important; color: #06262b !important; }
    .dot-empty { color: #5c6b71 !important; }
    .reversed { color: #f0938d !important; }
  }
`;
