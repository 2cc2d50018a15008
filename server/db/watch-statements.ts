import { assertInvariant, Refusal } from "@/server/errors";
import { sqlStateIn } from "./sql-state";

/** The one method of a driver's client that Drizzle calls inside a transaction. */
export type Query = (statement: unknown, parameters?: unknown, options?: unknown) => Promise<unknown>;

export type StatementWatch = {
  query: Query;
  /** Forgets the transaction before. `opening` is sent in place of the next BEGIN; or with `isSingle`, and a COMMIT, around the
   *  only statement that then may follow. */
  reset(opening?: string, isSingle?: boolean): void;
  /** Called before COMMIT. Errors: invariant_broken (a failed statement was swallowed). */
  refuseSwallowed(): Promise<void>;
};

/** Watches the statements of a client. COMMIT of a failed transaction answers ROLLBACK without an error, so work that caught a
 *  failure and went on would be lost in silence; after any failure the database is asked (a savepoint may have undone it). */
export function watchStatements(query: Query): StatementWatch {
  let failure: unknown;
  let begin: string | undefined;
  let isAlone = false;

  function send(statement: unknown, parameters: unknown, options: unknown): Promise<unknown> {
    const opening = begin;
    begin = undefined;
    if (isAlone) {
      assertInvariant(opening, "a transaction of one statement got a second one");
      return sendWhole(query, opening, () => query(statement, parameters, options));
    }
    if (opening === undefined) return query(statement, parameters, options);
    // Whatever came instead would run without its role and organization.
    assertInvariant(isBegin(statement), "a transaction began with another statement than BEGIN");
    return query(opening);
  }

  return {
    async query(statement, parameters, options) {
      try {
        return await send(statement, parameters, options);
      } catch (error) {
        failure ??= error;
        throw error;
      }
    },
    reset(opening, isSingle = false) {
      failure = undefined;
      begin = opening;
      isAlone = isSingle;
    },
    async refuseSwallowed() {
      if (failure === undefined) return;
      if (isAlone) throw swallowed(failure);
      try {
        await query("select 1");
      } catch (error) {
        throw sqlStateIn(error) === "25P02" ? swallowed(failure) : error;
      }
    },
  };
}

/** A whole transaction without waiting in between. After a failed statement its COMMIT undoes, and the failure is what is thrown. */
async function sendWhole(query: Query, opening: string, statement: () => Promise<unknown>): Promise<unknown> {
  const [opened, answered, committed] = await Promise.allSettled([query(opening), statement(), query("commit")]);
  for (const part of [opened, answered, committed]) if (part.status === "rejected") throw part.reason;
  return answered.status === "fulfilled" ? answered.value : undefined;
}

function swallowed(failure: unknown): Refusal {
  const message = "a statement failed and its failure was swallowed: the transaction cannot commit";
  return new Refusal("invariant_broken", message, { cause: failure });
}

function isBegin(statement: unknown): boolean {
  return String((statement as { text?: unknown }).text).trim() === "begin";
}
