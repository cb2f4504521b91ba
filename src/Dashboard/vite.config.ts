import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  build: {
    outDir: '../Silo/wwwroot',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:8080', '/openapi': 'http://127.0.0.1:8080' } },
});
