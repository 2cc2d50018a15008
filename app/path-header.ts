/** The header in which proxy.ts hands a page the path that it was asked for under. */
export const PATH_HEADER = "x-tributary-path";
