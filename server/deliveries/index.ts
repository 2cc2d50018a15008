export { handlePostback, type PostbackDoor } from "./handle-postback";
export { createInbox, type Inbox } from "./inbox";
export { processChunk } from "./process-chunk";
export { processDeliveries } from "./process-deliveries";
export { createRateLimit } from "./rate-limit";
export { keepRawTargets } from "./raw-target";
export { replayDelivery } from "./replay-delivery";
