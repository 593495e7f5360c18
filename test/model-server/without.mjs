/** Loaded before a program (`node --import`): packages that WITHOUT names cannot be found in it, nor in what it forks. */
import { registerHooks } from 'node:module';

const gone = new Set(process.env.WITHOUT?.split(' '));

registerHooks({
  resolve(specifier, context, next) {
    if (!gone.has(specifier)) return next(specifier, context);
    throw Object.assign(new Error(`Cannot find package '${specifier}'`), { code: 'ERR_MODULE_NOT_FOUND' });
  },
});
