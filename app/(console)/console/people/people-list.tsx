"use client";

import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { useShortcut } from "@/app/shell/shortcuts";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/app/ui/button";
import { OnlyWhoMay, useDeedRefusal } from "@/app/ui/deeds";
import { ErrorState } from "@/app/ui/error-state";
import { PageHeader } from "@/app/ui/page-header";
import { roleWords } from "@/app/ui/role-words";
import { Section } from "@/app/ui/section";
import { SkeletonRows } from "@/app/ui/skeleton";
import { Cell, HeadCell, Table, TableHead, TableRow } from "@/app/ui/table";
import { Time } from "@/app/ui/time";
import type { OperatorRole } from "@/server/access";
import type { RouterOutput } from "@/server/trpc/router";
import { InviteDialog } from "./invite-dialog";
import { MemberDialog } from "./member-dialog";
import { RevokeButton } from "./revoke-button";

export type Member = RouterOutput["people"]["list"]["members"][number];
type Invitation = RouterOutput["people"]["list"]["invitations"][number];
export type Self = { userId: string; role: OperatorRole };

/** Who runs the organization, in which role, and who is invited to. */
export function PeopleList({ self }: { self: Self }) {
  const trpc = useTRPC();
  const [isInviting, setInviting] = useState(false);
  const [changing, setChanging] = useState<Member | null>(null);
  const mayManage = useDeedRefusal("manage_people") === undefined;
  useShortcut({ keys: "i", label: "Invite a person", run: () => setInviting(true), isOff: !mayManage });
  const { data, isPending, error, refetch } = useQuery(trpc.people.list.queryOptions());
  return (
    <>
      <PageHeader
        title="People"
        sentence="Who runs this organization. Everybody here sees all of it; what each may change is the role's."
        actions={
          <OnlyWhoMay deed="manage_people">
            <Button look="primary" shortcut="I" onClick={() => setInviting(true)}>
              <UserPlus aria-hidden className="size-4" />
              Invite
            </Button>
          </OnlyWhoMay>
        }
      />
      {isPending && <SkeletonRows rows={4} />}
      {error && !data && (
        <ErrorState what="The people could not be read." message={error.message} onRetry={() => void refetch()} />
      )}
      {data && <Members members={data.members} self={self} onChange={mayManage ? setChanging : undefined} />}
      {data && data.invitations.length > 0 && (
        <Section title="Invited" className="mt-8">
          <Invitations invitations={data.invitations} mayRevoke={mayManage} />
        </Section>
      )}
      {isInviting && <InviteDialog self={self} onClose={() => setInviting(false)} />}
      {changing && <MemberDialog self={self} member={changing} onClose={() => setChanging(null)} />}
    </>
  );
}

function Members({
  members,
  self,
  onChange,
}: {
  members: readonly Member[];
  self: Self;
  onChange?: (member: Member) => void;
}) {
  return (
    <Table label="People">
      <TableHead>
        <HeadCell>Name</HeadCell>
        <HeadCell>E-mail</HeadCell>
        <HeadCell>Role</HeadCell>
        <HeadCell align="right">Since</HeadCell>
        {onChange && (
          <HeadCell>
            <span className="sr-only">Change</span>
          </HeadCell>
        )}
      </TableHead>
      <tbody>
        {members.map((member) => (
          <TableRow key={member.userId}>
            <Cell className="font-medium">
              {member.name}
              {member.userId === self.userId && <span className="ml-2 font-normal text-ink-faint">you</span>}
            </Cell>
            <Cell className="text-ink-soft">{member.email}</Cell>
            <Cell>
              {roleWords[member.role].word}
              <span className="ml-2 text-ink-faint max-lg:hidden">{roleWords[member.role].what}</span>
            </Cell>
            <Cell align="right" className="text-ink-soft">
              <Time at={member.since} />
            </Cell>
            {onChange && (
              <Cell align="right">
                {isChangeable(self, member) && (
                  <Button size="small" onClick={() => onChange(member)} aria-label={`Change ${member.name}`}>
                    Change
                  </Button>
                )}
              </Cell>
            )}
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

/** What the server would refuse is not offered: oneself, and owners to who is none. */
function isChangeable(self: Self, member: Member): boolean {
  return member.userId !== self.userId && (self.role === "owner" || member.role !== "owner");
}

function Invitations({ invitations, mayRevoke }: { invitations: readonly Invitation[]; mayRevoke: boolean }) {
  return (
    <ul className="flex flex-col text-13" aria-label="Invited">
      {invitations.map((invitation) => (
        <li
          key={invitation.id}
          className="flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b py-2 last:border-b-0"
        >
          <span className="font-medium">{invitation.name}</span>
          <span className="text-ink-soft">{invitation.email}</span>
          <span>{roleWords[invitation.role].word}</span>
          <span className="text-ink-soft">
            by {invitation.invitedBy}; {invitation.isExpired ? "ended" : "ends"} <Time at={invitation.expiresAt} />
          </span>
          {mayRevoke && (
            <span className="ml-auto">
              <RevokeButton invitation={invitation} />
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
