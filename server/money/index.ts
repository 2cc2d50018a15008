export { allocate, type Share } from "./allocate";
export { currencyCodes, exponentOf, isCurrency } from "./currencies";
export { add, type Money, money, optionalMoney, subtract, toDecimal } from "./money";
export { type AmountFormat, type ParsedAmount, parseAmount } from "./parse-amount";
export { applyRate, divideHalfEven, exactShare, formatPercentage, parsePercentage, type RatePpm } from "./rate";
