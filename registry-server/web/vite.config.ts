import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The web interface, built into the server's dist/web. It stands under /web/ of the registry whose API it asks. */
export default defineConfig({
  root: here('.'),
  base: '/web/',
  logLevel: 'warn',
  plugins: [react()],
  // The editor runs the code of the command line for prompts; the little of Node that this names stands here, and what a
  // library brings and the editor has no use for.
  resolve: {
    alias: {
      'node:crypto': here('src/node/crypto.ts'),
      'node:module': here('src/node/module.ts'),
      '@codemirror/lang-html': here('src/node/lang-html.ts'),
      'npm-package-arg': here('src/node/npm-package-arg.ts'),
    },
  },
  build: {
    outDir: here('../dist/web'),
    emptyOutDir: true,
    target: 'es2023',
    // The policy of the pages allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
