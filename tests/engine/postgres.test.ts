import { runDurability, runTogether } from "./durability";
import { runScenarios } from "./run-scenarios";

runScenarios("postgres");
runDurability("postgres");
runTogether();
