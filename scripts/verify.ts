import { closeDatabase, getDatabase } from "@/server/db";
import { refusalIn } from "@/server/errors";
import { verifyLedger } from "@/server/ledger";
import { listOrganizationIds } from "@/server/organizations";

// Recomputes the books of every organization from their entries and says what is wrong and where.
try {
  const database = await getDatabase();
  let wrong = 0;
  const orgIds = await database.asOwner(listOrganizationIds);
  for (const orgId of orgIds) {
    for (const violation of await database.inOrganization(orgId, verifyLedger)) {
      wrong += 1;
      console.error(`${orgId}: ${violation.where}: ${violation.rule}; found ${violation.found}`);
    }
  }
  await closeDatabase();
  console.log(wrong === 0 ? `The books of ${orgIds.length} organizations agree.` : `${wrong} violations.`);
  process.exit(wrong === 0 ? 0 : 1);
} catch (error) {
  console.error(refusalIn(error)?.message ?? error);
  process.exit(1);
}
