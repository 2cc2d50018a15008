/** How many deeds the feed keeps; server and browser must ask for the same. */
export const feedLength = 24;
