import { InfiniteQueryObserver, QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test } from "vitest";
import { markUnseen } from "@/app/live/mark-unseen";
import { readAgain } from "@/app/live/read-again";

let client: QueryClient;
let leave: (() => void)[] = [];
beforeEach(() => {
  client = new QueryClient({ defaultOptions: { queries: { staleTime: 30_000, retry: false } } });
});
afterEach(() => {
  for (const each of leave) each();
  leave = [];
  client.clear();
});

/** A server that answers when told to; every answer says which reading it was. */
function slowServer() {
  const waiting: (() => void)[] = [];
  let asked = 0;
  return {
    read: () => {
      asked += 1;
      const answer = asked;
      return new Promise<number>((resolve) => waiting.push(() => resolve(answer)));
    },
    asked: () => asked,
    answer: async () => {
      await expect.poll(() => waiting.length).toBeGreaterThan(0);
      waiting.shift()?.();
    },
  };
}

function showList(server: ReturnType<typeof slowServer>) {
  const observer = new InfiniteQueryObserver(client, {
    queryKey: ["list"],
    queryFn: server.read,
    initialPageParam: 0,
    getNextPageParam: (_page, pages) => pages.length,
  });
  leave.push(observer.subscribe(() => {}));
  const pages = () => observer.getCurrentResult().data?.pages ?? [];
  return { observer, pages };
}

test("a list being read when something happens is not read from its beginning again, and is known to be behind", async () => {
  const server = slowServer();
  const { pages } = showList(server);
  const reading = readAgain(client, [["list"]]);
  await server.answer();
  expect(await reading).toBe("behind");
  expect([server.asked(), pages()]).toEqual([1, [1]]);
});

test('an event while "Show more" reads leaves the page that was asked for, and the reading is behind', async () => {
  const server = slowServer();
  const { observer, pages } = showList(server);
  await server.answer();
  await expect.poll(pages).toEqual([1]);
  const more = observer.fetchNextPage();
  const reading = readAgain(client, [["list"]]);
  await server.answer();
  await more;
  expect(await reading).toBe("behind");
  expect(pages()).toEqual([1, 2]);
});

test('"Show more" while a list is read again brings the page, and the reading it replaced is behind', async () => {
  const server = slowServer();
  const { observer, pages } = showList(server);
  await server.answer();
  await expect.poll(pages).toEqual([1]);
  const reading = readAgain(client, [["list"]]);
  const more = observer.fetchNextPage();
  await server.answer();
  await server.answer();
  await more;
  expect(await reading).toBe("behind");
  expect(pages()).toEqual([1, 3]);
});

test("a quiet list is read once, whole, and is fresh", async () => {
  const server = slowServer();
  const { observer, pages } = showList(server);
  await server.answer();
  await expect.poll(pages).toEqual([1]);
  const more = observer.fetchNextPage();
  await server.answer();
  await more;
  const reading = readAgain(client, [["list"]]);
  await server.answer();
  await server.answer();
  expect(await reading).toBe("fresh");
  expect(pages()).toEqual([3, 4]);
});

test("a list left and come back to within its shelf life is read anew after an event, and not without one", async () => {
  const server = slowServer();
  const show = () => {
    const observer = new QueryObserver(client, { queryKey: ["list"], queryFn: server.read });
    return { observer, hide: observer.subscribe(() => {}) };
  };
  const first = show();
  await server.answer();
  await expect.poll(() => first.observer.getCurrentResult().data).toBe(1);
  first.hide();

  show().hide();
  expect(server.asked()).toBe(1);
  markUnseen(client);
  const again = show();
  leave.push(again.hide);
  await server.answer();
  await expect.poll(() => again.observer.getCurrentResult().data).toBe(2);
});

test("what is still being read for a screen that was left does not pass for new after an event", async () => {
  const server = slowServer();
  const show = () => new QueryObserver(client, { queryKey: ["list"], queryFn: server.read }).subscribe(() => {});
  show()();
  expect(server.asked()).toBe(1);
  markUnseen(client);
  await server.answer();
  leave.push(show());
  await server.answer();
  await expect.poll(() => client.getQueryData(["list"])).toBe(2);
});

test("what is on screen is not touched by the mark for what is not", async () => {
  const server = slowServer();
  const { pages } = showList(server);
  markUnseen(client);
  await server.answer();
  await expect.poll(pages).toEqual([1]);
  expect([server.asked(), client.getQueryState(["list"])?.isInvalidated]).toEqual([1, false]);
});
