// How fast the server answers: pages with what a person can do, and webhooks, each for some seconds of full load.
import { createHmac, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import autocannon from 'autocannon';
import { subscribeTo } from '../fixtures/checkout.js';
import { WEBHOOK_SECRET } from '../fixtures/server.js';
import { SLUG } from '../fixtures/shop.js';
import { settled, signIn } from '../fixtures/sign_in.js';
import { expect, test } from '../fixtures/test.js';

const SECONDS = 5;
const CONNECTIONS = 16;

test.use({ shop: true });

test('speed', async ({ page, server }) => {
  await signIn(page, 'member@example.com', `/c/${SLUG}`);
  await settled(page);
  await subscribeTo(page, 'Gold');
  const cookies = await page.context().cookies();
  const member = { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
  // The browser listens and polls: it is not to be measured.
  await page.close();

  const catalog = `${server.url}/c/${SLUG}`;
  const rows = [
    await measured('the catalog, signed out', { url: catalog }),
    await measured('the catalog, a member', { url: catalog, headers: member }),
    await measured('the membership page', { url: `${catalog}/membership`, headers: member }),
    await measured('a webhook event is stored', {
      url: `${server.url}/webhooks/stripe`,
      method: 'POST',
      requests: [{ setupRequest: (request) => ({ ...request, ...event() }) }],
    }),
  ];
  const head = ['', 'a second', 'half within', '99 % within', 'bytes each'];
  const table = [`${CONNECTIONS} connections, ${SECONDS} seconds each; the load comes from this machine too`, '', ...aligned([head, ...rows])];
  writeFileSync(process.env.BENCH_TABLE ?? 'bench.txt', table.join('\n') + '\n');
});

async function measured(name: string, options: autocannon.Options): Promise<string[]> {
  const load = { connections: CONNECTIONS, ...options };
  await autocannon({ ...load, duration: 1 });
  const result = await autocannon({ ...load, duration: SECONDS });
  expect(result.non2xx + result.errors, `${name}: everything is answered`).toBe(0);
  const answers = result.requests.total;
  return [
    name,
    `${Math.round(answers / result.duration)}`,
    `${result.latency.p50} ms`,
    `${result.latency.p99} ms`,
    `${Math.round(result.throughput.total / answers)}`,
  ];
}

/** One that was never seen, of an account that nobody knows: stored, and worked to "not ours". */
function event() {
  const at = Math.floor(Date.now() / 1000);
  const id = randomUUID().replaceAll('-', '');
  const body = JSON.stringify({
    id: `evt_${id}`,
    object: 'event',
    type: 'invoice.paid',
    account: 'acct_of_somebody_else',
    livemode: false,
    created: at,
    data: { object: { id: `in_${id}`, object: 'invoice' } },
  });
  const mac = createHmac('sha256', WEBHOOK_SECRET).update(`${at}.${body}`).digest('hex');
  return { body, headers: { 'stripe-signature': `t=${at},v1=${mac}` } };
}

function aligned(rows: string[][]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const cell = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[column]) : text.padStart(widths[column]);
  return rows.map((row) => row.map(cell).join('   ').trimEnd());
}
