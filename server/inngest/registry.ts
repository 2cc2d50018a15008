import { commissionJobs } from "@/server/commissions/jobs";
import { conversionJobs } from "@/server/conversions/jobs";
import { deliveryJobs } from "@/server/deliveries/jobs";
import { type MailSettings, mailJobs } from "@/server/mail/jobs";
import { payoutJobs } from "@/server/payouts/jobs";
import type { JobContext } from "./client";

/** Every background function, in one list: what is not here never runs. */
export function allFunctions(context: JobContext & { mail: MailSettings }) {
  return [
    ...deliveryJobs(context),
    ...conversionJobs(context),
    ...commissionJobs(context),
    ...payoutJobs(context),
    ...mailJobs(context),
  ];
}
