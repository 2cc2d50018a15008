import { Hr, Text } from "react-email";
import { palette } from "./palette";

/** Closes every mail: why it came. */
export function Footer({ because }: { because: string }) {
  return (
    <>
      <Hr className="line" style={{ margin: "24px 0 12px", borderColor: palette.line }} />
      <Text className="ink-soft" style={{ margin: 0, fontSize: 12, lineHeight: "18px", color: palette.inkSoft }}>
        {because}
      </Text>
    </>
  );
}
