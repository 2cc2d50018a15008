import type { ReactNode } from "react";
import { Body, Container, Head, Heading, Html, Preview, Section } from "react-email";
import { Footer } from "./footer";
import { darkStyles, palette } from "./palette";

type LayoutProps = {
  /** What the list of mails shows beside the subject. */
  preview: string;
  heading: ReactNode;
  /** Who writes: the operator's name. */
  organization: string;
  /** Why this person gets this mail. */
  because: string;
  children: ReactNode;
};

/** The sheet that every mail is written on. */
export function Layout({ preview, heading, organization, because, children }: LayoutProps) {
  return (
    <Html lang="en">
      <Head>
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{darkStyles}</style>
      </Head>
      <Preview>{preview}</Preview>
      <Body
        className="ground"
        style={{ margin: 0, padding: "24px 12px", backgroundColor: palette.ground, fontFamily: FONT }}
      >
        <Container className="surface" style={SHEET}>
          <p className="accent" style={{ margin: 0, fontSize: 13, fontWeight: 600, color: palette.accent }}>
            {organization}
          </p>
          <Heading as="h1" className="ink" style={HEADING}>
            {heading}
          </Heading>
          <Section>{children}</Section>
          <Footer because={because} />
        </Container>
      </Body>
    </Html>
  );
}

const FONT = "'Geist', system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

const SHEET = {
  maxWidth: 600,
  padding: "28px 28px 20px",
  backgroundColor: palette.surface,
  border: `1px solid ${palette.line}`,
  borderRadius: 8,
};

const HEADING = { margin: "6px 0 16px", fontSize: 20, lineHeight: "28px", fontWeight: 600, color: palette.ink };
