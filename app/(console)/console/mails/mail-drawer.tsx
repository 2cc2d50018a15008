"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/app/ui/button";
import { CodeBlock, Id } from "@/app/ui/copy";
import { OnlyWhoMay } from "@/app/ui/deeds";
import { Dialog } from "@/app/ui/dialog";
import { Drawer } from "@/app/ui/drawer";
import { ErrorState } from "@/app/ui/error-state";
import { Fact, Facts } from "@/app/ui/facts";
import { Section } from "@/app/ui/section";
import { SkeletonRows } from "@/app/ui/skeleton";
import { StateBadge } from "@/app/ui/state-badge";
import { Time } from "@/app/ui/time";
import { useDrawer } from "@/app/ui/use-drawer";
import type { RouterOutput } from "@/server/trpc/router";

type Mail = RouterOutput["mail"]["get"];

/** One mail: what became of it, its words, and the way to send it again. */
export function MailDrawer() {
  const trpc = useTRPC();
  const { openId, close } = useDrawer();
  const isOpen = openId?.startsWith("mail_") === true;
  const query = useQuery({ ...trpc.mail.get.queryOptions({ mailId: openId ?? "" }), enabled: isOpen });
  return (
    <Drawer
      open={isOpen}
      onClose={close}
      title={query.data?.subject ?? "Mail"}
      description={openId && <Id id={openId} />}
    >
      {query.isPending && <SkeletonRows rows={6} />}
      {query.isError && (
        <ErrorState
          what="This mail could not be read."
          message={query.error.message}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.data && <MailInFull mail={query.data} />}
    </Drawer>
  );
}

function MailInFull({ mail }: { mail: Mail }) {
  const isTried = mail.sentAt !== null && mail.state !== "sent";
  return (
    <>
      <Facts>
        <Fact name="To">{mail.recipient}</Fact>
        <Fact name="State">
          <StateBadge of="mail" state={mail.state} />
        </Fact>
        {mail.reason && <Fact name="Why">{mail.reason}</Fact>}
        <Fact name="Written">
          <Time at={mail.createdAt} />
        </Fact>
        {mail.sentAt && (
          <Fact name={isTried ? "Last tried" : "Sent"}>
            <Time at={mail.sentAt} />
          </Fact>
        )}
        <Fact name="Tries">{mail.tries}</Fact>
        <Fact name="Because of">
          <code className="break-all font-mono text-12">{mail.cause}</code>
        </Fact>
      </Facts>
      {(mail.state === "failed" || mail.state === "unknown") && (
        <OnlyWhoMay deed="resend_mails">
          <SendAgain mail={mail} />
        </OnlyWhoMay>
      )}
      <Section title="Its words">
        <CodeBlock label="the mail's text" code={mail.text} />
      </Section>
    </>
  );
}

function SendAgain({ mail }: { mail: Mail }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const resend = useMutation(
    trpc.mail.resend.mutationOptions({
      onSuccess: () => {
        setAsking(false);
        void queryClient.invalidateQueries({ queryKey: trpc.mail.pathKey() });
        toast.success("It goes out within a minute.");
      },
    }),
  );
  const mayHaveArrived = mail.state === "unknown";
  return (
    <div>
      <Button onClick={() => setAsking(true)}>Send again</Button>
      <Dialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title="Send this mail again?"
        description={
          mayHaveArrived
            ? "It may have arrived: then the receiver reads the same thing twice."
            : "The mail server did not take it before; it is tried again, eight times within two days."
        }
        footer={
          <>
            <Button onClick={() => setAsking(false)}>Not now</Button>
            <Button look="primary" pending={resend.isPending} onClick={() => resend.mutate({ mailId: mail.id })}>
              Send again
            </Button>
          </>
        }
      >
        <p className="text-14">To {mail.recipient}</p>
        {resend.error && (
          <p role="alert" className="mt-2 text-13 text-reversed">
            {resend.error.message}
          </p>
        )}
      </Dialog>
    </div>
  );
}
