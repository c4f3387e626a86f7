import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, Router } from 'express';
import helmet from 'helmet';

/** Where `scripts/build.mjs` puts the interface. */
const FOLDER = fileURLToPath(new URL('../web/', import.meta.url));
/** The place of the nonce in index.html. */
const NONCE = '%NONCE%';

/**
 * Serves the web interface below /web/, and leads browsers there that ask for the registry itself. It holds nothing that is
 * not public: what it shows it asks the API for, as whoever looks at it.
 */
export function webInterface(folder = FOLDER): RequestHandler {
  const router = Router({ strict: true, caseSensitive: true });
  const file = path.join(folder, 'index.html');
  const page = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (page === undefined) return router;
  const compressed = new Set(readdirSync(path.join(folder, 'assets')).map(name => `/${name}`));
  // The names of assets are made of what is in them; beside each lies what brotli makes of it.
  router.use('/web/assets', (request, response, next) => {
    const name = request.path;
    response.vary('accept-encoding');
    if (compressed.has(`${name}.br`) && request.acceptsEncodings('br') === 'br') {
      request.url = `${name}.br`;
      response.set('content-encoding', 'br').type(path.extname(name));
    }
    next();
  });
  router.use(
    '/web/assets',
    express.static(path.join(folder, 'assets'), { immutable: true, maxAge: '1y', index: false }),
  );
  router.get(['/web', '/web/{*page}'], (request, response, next) => {
    if (request.path.startsWith('/web/assets/')) return next();
    const nonce = randomBytes(16).toString('base64');
    policy(nonce)(request, response, () => {
      response.set('cache-control', 'no-cache').type('html').send(page.replaceAll(NONCE, nonce));
    });
  });
  router.get('/', (request, response, next) => {
    if (request.accepts(['json', 'html']) === 'html') response.redirect(302, '/web/');
    else next();
  });
  return router;
}

/** Only what this server serves; the editor writes its styles into elements that carry the nonce. */
function policy(nonce: string): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", `'nonce-${nonce}'`],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
  });
}
