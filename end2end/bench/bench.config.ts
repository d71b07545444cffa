// `cargo xtask bench`: the same browser and fixtures as the tests have, with nothing that passes or fails.
import { defineConfig } from '@playwright/test';
import tests from '../playwright.config.js';

export default defineConfig({
  ...tests,
  testDir: '.',
  reporter: [['line']],
  timeout: 300_000,
  projects: [{ name: 'bench' }],
});
