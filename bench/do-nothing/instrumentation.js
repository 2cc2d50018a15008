// Next looks for this file upwards and would find the product's.
export function register() {}
