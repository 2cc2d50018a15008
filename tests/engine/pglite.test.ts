import { runDurability } from "./durability";
import { runScenarios } from "./run-scenarios";

runScenarios("pglite");
runDurability("pglite");
