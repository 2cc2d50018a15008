import { isDeepStrictEqual } from "node:util";
import { type ASTNode, parse } from "@marcbachmann/cel-js";
import { Refusal } from "@/server/errors";
import type { EngineEvent } from "./event";

/** An expression over one event, ready to be evaluated. Never throws. */
export type Expression = (event: EngineEvent) => unknown;

/** Reads the part of CEL that the engine knows: `== != < > && ||`, dotted paths from `event`, literals. As on the real
 *  server a path that leads nowhere is null, nothing is coerced, and values that cannot be ordered do not match.
 *  Errors: invalid_input (not CEL, or an operator outside this part). */
export function parseExpression(text: string): Expression {
  const known = compile(parseTree(text), text);
  return (event) => known({ event });
}

/** Reads one dotted path from `event`, as a concurrency key needs it.
 *  Errors: invalid_input (anything else). */
export function parsePath(text: string): Expression {
  const tree = parseTree(text);
  if (tree.op !== ".") throw new Refusal("invalid_input", `"${text}" is not a dotted path from event`);
  return parseExpression(text);
}

type Scope = { event: unknown };

function parseTree(text: string): ASTNode {
  try {
    return parse(text).ast;
  } catch (error) {
    throw new Refusal("invalid_input", `"${text}" cannot be read as CEL`, { cause: error });
  }
}

function compile(node: ASTNode, text: string): (scope: Scope) => unknown {
  switch (node.op) {
    case "value":
      return literal(node.args, text);
    case "id":
      if (node.args !== "event")
        throw new Refusal("invalid_input", `"${text}" reads ${node.args}; only event is known`);
      return (scope) => scope.event;
    case ".": {
      const [parent, key] = node.args;
      const readParent = compile(parent, text);
      return (scope) => member(readParent(scope), key);
    }
    case "==":
    case "!=":
    case "<":
    case ">":
    case "&&":
    case "||":
      return binary(node.op, compile(node.args[0], text), compile(node.args[1], text));
    default:
      throw new Refusal("invalid_input", `"${text}" uses ${node.op}; known are == != < > && || and dotted paths`);
  }
}

function binary(
  op: "==" | "!=" | "<" | ">" | "&&" | "||",
  left: (scope: Scope) => unknown,
  right: (scope: Scope) => unknown,
): (scope: Scope) => boolean {
  switch (op) {
    case "==":
      return (scope) => isDeepStrictEqual(left(scope), right(scope));
    case "!=":
      return (scope) => !isDeepStrictEqual(left(scope), right(scope));
    case "<":
      return (scope) => isOrdered(left(scope), right(scope));
    case ">":
      return (scope) => isOrdered(right(scope), left(scope));
    case "&&":
      return (scope) => left(scope) === true && right(scope) === true;
    case "||":
      return (scope) => left(scope) === true || right(scope) === true;
  }
}

function isOrdered(smaller: unknown, larger: unknown): boolean {
  if (typeof smaller === "number" && typeof larger === "number") return smaller < larger;
  return typeof smaller === "string" && typeof larger === "string" && smaller < larger;
}

function literal(value: unknown, text: string): () => unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new Refusal("invalid_input", `"${text}" holds an integer beyond 2^53`);
    return () => number;
  }
  if (value !== null && typeof value === "object") {
    throw new Refusal("invalid_input", `"${text}" holds a literal that JSON does not have`);
  }
  return () => value;
}

function member(parent: unknown, key: string): unknown {
  if (parent === null || typeof parent !== "object" || !Object.hasOwn(parent, key)) return null;
  return (parent as Record<string, unknown>)[key] ?? null;
}
