import { runDurability } from "./durability";
import { runScenarios } from "./run-scenarios";

runScenarios("postgres");
runDurability("postgres");
