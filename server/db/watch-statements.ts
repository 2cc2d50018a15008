import { assertInvariant, Refusal } from "@/server/errors";
import { sqlStateIn } from "./sql-state";

/** The one method of a driver's client that Drizzle calls inside a transaction. */
export type Query = (statement: unknown, parameters?: unknown, options?: unknown) => Promise<unknown>;

export type StatementWatch = {
  query: Query;
  /** Forgets failures of the transaction before. The next BEGIN is sent as `opening`. */
  reset(opening?: string): void;
  /** Called before COMMIT. Errors: invariant_broken (a failed statement was swallowed). */
  refuseSwallowed(): Promise<void>;
};

/** Watches the statements of a client. COMMIT of a failed transaction answers ROLLBACK without an error, so work that caught a
 *  failure and went on would be lost in silence; after any failure the database is asked (a savepoint may have undone it). */
export function watchStatements(query: Query): StatementWatch {
  let failure: unknown;
  let begin: string | undefined;
  return {
    async query(statement, parameters, options) {
      try {
        const opening = begin;
        begin = undefined;
        if (opening === undefined) return await query(statement, parameters, options);
        // Whatever came instead would run without its role and organization.
        assertInvariant(isBegin(statement), "a transaction began with another statement than BEGIN");
        return await query(opening);
      } catch (error) {
        failure ??= error;
        throw error;
      }
    },
    reset(opening) {
      failure = undefined;
      begin = opening;
    },
    async refuseSwallowed() {
      if (failure === undefined) return;
      try {
        await query("select 1");
      } catch (error) {
        if (sqlStateIn(error) !== "25P02") throw error;
        throw new Refusal(
          "invariant_broken",
          "a statement failed and its failure was swallowed: the transaction cannot commit",
          { cause: failure },
        );
      }
    },
  };
}

function isBegin(statement: unknown): boolean {
  return String((statement as { text?: unknown }).text).trim() === "begin";
}
