import type { inferRouterOutputs } from "@trpc/server";
import { invitationRouter, peopleRouter } from "@/server/access/router";
import { deliveriesRouter } from "@/server/deliveries/router";
import { conversionsRouter } from "@/server/insight/conversions-router";
import { portalRouter } from "@/server/insight/portal-router";
import { activityRouter, overviewRouter } from "@/server/insight/router";
import { mailRouter } from "@/server/mail/router";
import { payoutsRouter, portalPayoutsRouter } from "@/server/payouts/router";
import { tasksRouter } from "@/server/payouts/tasks-router";
import { programsRouter } from "@/server/programs/router";
import { sourcesRouter } from "@/server/sources/router";
import { router } from "./init";

/** Every procedure of the app. A domain adds its own `server/<room>/router.ts` here, by one line, and nothing else. */
export const appRouter = router({
  activity: activityRouter,
  conversions: conversionsRouter,
  deliveries: deliveriesRouter,
  invitation: invitationRouter,
  mail: mailRouter,
  overview: overviewRouter,
  payouts: payoutsRouter,
  people: peopleRouter,
  portal: portalRouter,
  portalPayouts: portalPayoutsRouter,
  programs: programsRouter,
  sources: sourcesRouter,
  tasks: tasksRouter,
});

export type AppRouter = typeof appRouter;

/** What each procedure returns, for the screens. */
export type RouterOutput = inferRouterOutputs<AppRouter>;
