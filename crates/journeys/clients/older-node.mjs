// Node.js 18, which Debian 12 brings, has the web's cryptography in a module and not yet where packages look for it.

import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto;
