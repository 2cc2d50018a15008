import { commissionJobs } from "@/server/commissions/jobs";
import { conversionJobs } from "@/server/conversions/jobs";
import { deliveryJobs } from "@/server/deliveries/jobs";
import type { JobContext } from "./client";

/** Every background function, in one list: what is not here never runs. */
export function allFunctions(context: JobContext) {
  return [...deliveryJobs(context), ...conversionJobs(context), ...commissionJobs(context)];
}
