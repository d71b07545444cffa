// Browser tests of the real server, the real wasm and the fake Stripe. Started by `cargo xtask test browser`, which builds
// all three and names them in the environment (see fixtures/server.ts).
import { defineConfig, devices } from '@playwright/test';

const runsAsRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  // Each has a server, a fake Stripe and a browser of its own; on two cores that is a third faster than one by one.
  workers: 2,
  // The tests of a file share a server (see fixtures/test.ts); a test that passes only sometimes is broken.
  fullyParallel: false,
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  // The file comes from the environment: PLAYWRIGHT_JSON_OUTPUT_FILE.
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ? [['list'], ['json']] : [['list']],
  use: {
    ...devices['Desktop Chrome'],
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    // Without pictures of every step, which take a fifth of the time; none in CI, where nobody could open it afterwards.
    trace: process.env.CI ? 'off' : { mode: 'retain-on-failure', screenshots: false, snapshots: true },
    launchOptions: {
      // The system's Chromium: Playwright's own is a download that not every machine can make.
      executablePath: process.env.CHROMIUM_PATH || undefined,
      args: [
        ...(runsAsRoot ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-gpu',
        '--disable-quic',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
  // A test without a tag holds in both.
  projects: [
    { name: 'javascript', grepInvert: /@no-javascript/ },
    { name: 'no-javascript', grepInvert: /@javascript/, use: { javaScriptEnabled: false } },
  ],
});
