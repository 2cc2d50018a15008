import { Button } from "react-email";
import { palette } from "./palette";

/** The one thing to press in a mail. */
export function ActionButton({ href, children }: { href: string; children: string }) {
  return (
    <Button
      href={href}
      className="button"
      style={{
        marginTop: 20,
        padding: "10px 16px",
        borderRadius: 6,
        backgroundColor: palette.accent,
        color: palette.onAccent,
        fontSize: 14,
        fontWeight: 600,
      }}
    >
      {children}
    </Button>
  );
}
