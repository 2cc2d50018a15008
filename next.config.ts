import type { NextConfig } from "next";

const isDevelopment = process.env.NODE_ENV === "development";

/** Next writes inline scripts and styles into every page; a nonce would make each of them dynamic and buy little here, because
 *  the pages render no HTML of strangers. Development needs eval and its socket. */
const contentSecurityPolicy = [
  "default-src 'self'",
  `script-src 'self' 'unsafe-inline'${isDevelopment ? " 'unsafe-eval'" : ""}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  `connect-src 'self'${isDevelopment ? " ws:" : ""}`,
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const config: NextConfig = {
  typedRoutes: true,
  // Types of what is served; `npm run types` checks tests and benchmarks as well.
  typescript: { tsconfigPath: "tsconfig.build.json" },
  poweredByHeader: false,
  devIndicators: false,
  allowedDevOrigins: ["127.0.0.1"],
  turbopack: { root: import.meta.dirname },
  // Loading every page before the first answer costs a second of start and helps nobody who waits for it.
  experimental: { preloadEntriesOnStart: false },
  serverExternalPackages: [
    "@electric-sql/pglite",
    "pg",
    "ws",
    "@neondatabase/serverless",
    "inngest",
    "pino",
    "nodemailer",
  ],
  headers: async () => [
    {
      source: "/(.*)",
      headers: [
        { key: "Content-Security-Policy", value: contentSecurityPolicy },
        { key: "X-Content-Type-Options", value: "nosniff" },
        { key: "X-Frame-Options", value: "DENY" },
        { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
        { key: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=()" },
      ],
    },
  ],
};

export default config;
