"use client";

import { parseAsString, useQueryState } from "nuqs";
import { Field } from "./field";

/** Finds orders by the beginning of their number, kept in the URL under `order`. Read it elsewhere with useFilter("order"). */
export function OrderFilter() {
  const [order, setOrder] = useQueryState("order", parseAsString.withDefault("").withOptions({ throttleMs: 300 }));
  return (
    <div className="w-56">
      <Field
        label="Order number begins with"
        value={order}
        onChange={(event) => void setOrder(event.target.value || null)}
        className="h-8"
      />
    </div>
  );
}
