import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** What the server does with the next mail. */
export type SmtpMood =
  | "takes"
  | "refuses the receiver"
  | "is busy"
  | "refuses the content"
  | "drops the line while it reads"
  | "drops the line after it has read";

/** A real SMTP server of this process that keeps what it took. */
export type SmtpSink = {
  url: string;
  /** The raw messages, as taken. */
  taken: string[];
  mood: SmtpMood;
  close(): Promise<void>;
};

export async function openSmtpSink(): Promise<SmtpSink> {
  const sink: SmtpSink = { url: "", taken: [], mood: "takes", close: async () => {} };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    logger: false,
    onAuth(_credentials, _session, done) {
      done(Object.assign(new Error("wrong password"), { responseCode: 535 }));
    },
    onRcptTo(_address, _session, done) {
      if (sink.mood === "refuses the receiver")
        return done(Object.assign(new Error("no such mailbox"), { responseCode: 550 }));
      if (sink.mood === "is busy") return done(Object.assign(new Error("try later"), { responseCode: 451 }));
      done();
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      const drop = () => {
        for (const connection of server.connections) connection._socket.destroy();
      };
      if (sink.mood === "drops the line while it reads") return drop();
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        if (sink.mood === "refuses the content")
          return done(Object.assign(new Error("looks like spam"), { responseCode: 554 }));
        sink.taken.push(Buffer.concat(chunks).toString("utf8"));
        if (sink.mood === "drops the line after it has read") return drop();
        done();
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  sink.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  sink.close = () => new Promise((resolve) => server.close(() => resolve()));
  return sink;
}
