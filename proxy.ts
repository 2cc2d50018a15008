import { type NextRequest, NextResponse } from "next/server";
import { PATH_HEADER } from "@/app/path-header";

/** Tells a page under which path it was asked for, which Next tells no layout: who must sign in first comes back to it. Overwrites what the request
 *  itself says. Only the signed-in places: postbacks pass by. */
export function proxy(request: NextRequest): NextResponse {
  const headers = new Headers(request.headers);
  headers.set(PATH_HEADER, request.nextUrl.pathname + request.nextUrl.search);
  return NextResponse.next({ request: { headers } });
}

export const config = { matcher: ["/console/:path*", "/portal/:path*"] };
