/** Who is asking: an operator sees the whole organization, an affiliate's user only that affiliate. */
export type Viewer =
  | { readonly role: "operator"; readonly userId: string; readonly name: string; readonly orgId: string }
  | {
      readonly role: "affiliate";
      readonly userId: string;
      readonly name: string;
      readonly orgId: string;
      readonly affiliateId: string;
    };
