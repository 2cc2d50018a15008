export { addRuleVersion, type NewRuleVersion } from "./add-rule-version";
export { createProgram, type NewProgram } from "./create-program";
export { type Program, ruleVersionsOf } from "./queries";
export { chooseRule, type RuleVersion } from "./rules/choose-rule";
