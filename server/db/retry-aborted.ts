import { isAbortedByNeighbour } from "./sql-state";

const REPEATS_MAX = 3;

/** Runs a transaction, and again at most three times when the database aborted it for a deadlock or a serialization failure.
 *  Never after a lost connection: it may have committed. */
export async function retryAborted<T>(transaction: () => Promise<T>): Promise<T> {
  for (let repeats = 0; ; repeats++) {
    try {
      return await transaction();
    } catch (error) {
      if (repeats === REPEATS_MAX || !isAbortedByNeighbour(error)) throw error;
    }
  }
}
